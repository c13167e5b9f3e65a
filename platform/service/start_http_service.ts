import { createDrain } from "../http/drain.ts";
import { type HttpHandler, serveHttp } from "../http/server.ts";
import type { RunningService } from "./run_service.ts";
import { type ServiceParts, startService } from "./start_service.ts";

/** What an HTTP service is made of, as its container built it. */
export interface HttpServiceParts extends ServiceParts {
  /** Answers the requests, e.g. a Hono app's `fetch`. */
  readonly handler: HttpHandler;
  /** Aborted the moment the service begins to stop: `/readyz` says so from then on, see `Readiness`. */
  readonly stopping: AbortController;
}

/**
 * Starts an HTTP service: stores answer, migrations done, port bound. Disposing stops it the other way round:
 * not ready at once, still answering until no more requests come or half of `shutdownTimeoutMs` is over,
 * requests under way finished in what is left of it, clients and pools closed.
 *
 * @throws {Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export function startHttpService(parts: HttpServiceParts): Promise<RunningService> {
  const { host, port, stopping, shutdownTimeoutMs } = parts;
  return startService(parts, (opened) => {
    const { handler, drain } = createDrain(parts.handler);
    const server = serveHttp(handler, host, port);
    opened.defer(async () => {
      const closeAt = Date.now() + shutdownTimeoutMs;
      stopping.abort();
      await drain(shutdownTimeoutMs / 2);
      await server.shutDown(Math.max(0, closeAt - Date.now()));
    });
    return server.port;
  });
}
