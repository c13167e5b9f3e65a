import { formatAddress } from "../core/address.ts";
import type { Door } from "../core/door.ts";
import { createOwnPortProbe } from "../core/own_port.ts";
import type { TlsFiles } from "../tls/tls_files.ts";
import { createDrain } from "./drain.ts";
import { createRequestShedder, type RequestShedderOptions } from "./request_shedder.ts";
import { type HttpHandler, serveHttp } from "./server.ts";

/** Options of {@linkcode createHttpDoor}. */
export interface HttpDoorOptions extends RequestShedderOptions {
  /** Answers the requests, e.g. a Hono app's `fetch`. */
  readonly handler: HttpHandler;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** What the door shows its clients; without it there is no TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Aborted as soon as the service is asked to stop, so that `/readyz` answers 503; see `Readiness`. */
  readonly stopping: AbortController;
}

/** What the door's probe asks itself; the answer does not matter, nor that over TLS it is an alert. */
const PROBE = "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/**
 * Creates an HTTP door. When it closes, it keeps answering until no more requests come or half of
 * the grace period has passed, and finishes the requests in progress in the rest of it.
 */
export function createHttpDoor({ handler, host, port, tls, stopping, ...options }: HttpDoorOptions): Door {
  const { log } = options;
  const shed = createRequestShedder(options);
  return {
    async open() {
      const draining = createDrain(handler);
      const server = await serveHttp(draining.handler, host, port, {}, shed, tls);
      const address = formatAddress(host, server.port);
      let isClosing = false;
      const reopen = async () => {
        if (isClosing) return;
        log.error({ address }, "port accepts no connections; reopening it");
        await server.reopen();
      };
      return {
        address,
        announceStop: () => stopping.abort(),
        probe: createOwnPortProbe({ host, port: server.port, request: PROBE, reopen }),
        async close(graceMs) {
          isClosing = true;
          const closeAt = Date.now() + graceMs;
          await draining.drain(graceMs / 2);
          await server.shutDown(Math.max(0, closeAt - Date.now()));
        },
      };
    },
  };
}
