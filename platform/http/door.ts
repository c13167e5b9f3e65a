import { formatAddress } from "../core/address.ts";
import type { Door } from "../core/door.ts";
import { createDrain } from "./drain.ts";
import { type HttpHandler, serveHttp } from "./server.ts";

/** Options of {@linkcode createHttpDoor}. */
export interface HttpDoorOptions {
  /** Answers the requests, e.g. a Hono app's `fetch`. */
  readonly handler: HttpHandler;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Aborted as soon as the service is asked to stop, so that `/readyz` answers 503; see `Readiness`. */
  readonly stopping: AbortController;
}

/**
 * Creates an HTTP door. When it closes, it keeps answering until no more requests come or half of
 * the grace period has passed, and finishes the requests in progress in the rest of it.
 */
export function createHttpDoor({ handler, host, port, stopping }: HttpDoorOptions): Door {
  return {
    async open() {
      const draining = createDrain(handler);
      const server = await serveHttp(draining.handler, host, port);
      return {
        address: formatAddress(host, server.port),
        announceStop: () => stopping.abort(),
        async close(graceMs) {
          const closeAt = Date.now() + graceMs;
          await draining.drain(graceMs / 2);
          await server.shutDown(Math.max(0, closeAt - Date.now()));
        },
      };
    },
  };
}
