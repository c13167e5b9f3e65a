import { formatAddress } from "../core/address.ts";
import type { Door } from "../core/door.ts";
import { createDrain } from "./drain.ts";
import { type HttpHandler, serveHttp } from "./server.ts";

/** Options of {@linkcode createHttpDoor}. */
export interface HttpDoorOptions {
  /** Answers the requests, e.g. a Hono app's `fetch`. */
  readonly handler: HttpHandler;
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Aborted the moment the door begins to close: `/readyz` says so from then on, see `Readiness`. */
  readonly stopping: AbortController;
}

/**
 * Creates an HTTP door. Closing, it is not ready at once, goes on answering until no more requests come or half of the
 * grace is over, and finishes the requests under way in the rest of it.
 */
export function createHttpDoor({ handler, host, port, stopping }: HttpDoorOptions): Door {
  return {
    open() {
      const draining = createDrain(handler);
      const server = serveHttp(draining.handler, host, port);
      return {
        address: formatAddress(host, server.port),
        async close(graceMs) {
          const closeAt = Date.now() + graceMs;
          stopping.abort();
          await draining.drain(graceMs / 2);
          await server.shutDown(Math.max(0, closeAt - Date.now()));
        },
      };
    },
  };
}
