import { createGrpcDoor, rpcService } from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import { runService, startService } from "@rocket/platform/service";
import { handlersOf } from "@rocket/platform/testing/handlers";
import { AuthService } from "@rocket/proto/iam";

/** A gRPC service that needs no session, in a process of its own: `Login` returns the login that it receives. */
const log = createLogger({ service: "door", level: "info", format: "json" });

const handlers = handlersOf(AuthService, { login: ({ login }) => Promise.resolve({ sessionUuid: login }) });

await runService(() =>
  startService({
    log,
    doors: [
      createGrpcDoor({ log, host: "127.0.0.1", port: 0, services: [rpcService(AuthService, handlers)] }),
    ],
    config: { shutdownTimeoutMs: 10_000, shutdownDelayMs: 0 },
    owned: new AsyncDisposableStack(),
  })
);
