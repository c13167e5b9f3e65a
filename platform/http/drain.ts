import type { HttpHandler } from "./server.ts";

/** A handler that notices when no more requests come. */
export interface Drain {
  /** Passes requests to the wrapped handler. */
  readonly handler: HttpHandler;
  /**
   * Asks clients to reconnect elsewhere, by `Connection: close`, and waits until no request has come for 100 ms.
   * Requests that come in the meantime are answered.
   *
   * @param limitMs How long to wait at most, in milliseconds, if clients do not stop.
   */
  readonly drain: (limitMs: number) => Promise<void>;
}

/** How long no request may have come, in milliseconds. */
const QUIET_MS = 100;

/**
 * Wraps a handler so that its port can be closed without losing a request: a request on a new connection is lost if the
 * port closes before the server has read it, and the client can't know whether it was carried out.
 */
export function createDrain(inner: HttpHandler): Drain {
  let isDraining = false;
  let lastRequestAt = -Infinity;
  return {
    async handler(request, connection) {
      lastRequestAt = performance.now();
      const response = await inner(request, connection);
      if (isDraining) response.headers.set("Connection", "close");
      return response;
    },
    async drain(limitMs) {
      isDraining = true;
      const startedAt = performance.now();
      const giveUpAt = startedAt + limitMs;
      const quietAt = () => Math.min(Math.max(startedAt, lastRequestAt) + QUIET_MS, giveUpAt);
      for (let now = startedAt; now < quietAt(); now = performance.now()) {
        await new Promise((resolve) => setTimeout(resolve, quietAt() - now));
      }
    },
  };
}
