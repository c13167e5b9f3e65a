import { createApi, createHttpDoor, readBody } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { runService, startService } from "@rocket/platform/service";

/** An HTTP service that needs no session, in a process of its own: it answers with the body that it receives. */
const log = createLogger({ service: "door", level: "info", format: "json" });

const stopping = new AbortController();
const readiness = { stores: {}, upstreams: {}, isStopping: () => stopping.signal.aborted };
const authorize = () => Promise.reject(new Error("no route asks"));
const app = createApi({ log, authorize, readiness, document: {} });
app.post("/echo", readBody(), async (c) => c.body(await c.req.arrayBuffer()));

await runService(() =>
  startService({
    log,
    doors: [createHttpDoor({ log, handler: app.fetch, host: "127.0.0.1", port: 0, stopping })],
    config: { shutdownTimeoutMs: 60_000, shutdownDelayMs: 0 },
    owned: new AsyncDisposableStack(),
  })
);
