import type { HttpHandler } from "./server.ts";

/** A handler that notices when no more requests come. */
export interface Drain {
  /** Answers as the handler inside does. */
  readonly handler: HttpHandler;
  /**
   * Asks clients, by `Connection: close`, to go elsewhere, and waits until none has sent a request for 100 ms.
   * All that is sent meanwhile is answered.
   *
   * @param limitMs The longest to wait, in milliseconds, for clients that do not stop.
   */
  readonly drain: (limitMs: number) => Promise<void>;
}

/** How long it must have been quiet, in milliseconds. */
const QUIET_MS = 100;

/**
 * Wraps a handler, so that its port can be closed without losing a request: what a client has sent on a fresh
 * connection is lost when the port closes before the server has read it, and the client can't know whether it
 * was carried out.
 */
export function createDrain(inner: HttpHandler): Drain {
  let isDraining = false;
  let lastRequestAt = -Infinity;
  return {
    async handler(request) {
      lastRequestAt = performance.now();
      const response = await inner(request);
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
