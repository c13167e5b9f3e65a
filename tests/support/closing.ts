import type { BackingServer } from "@rocket/dev";
import { HOP_LIMIT_MS } from "@rocket/platform/core";
import assert from "node:assert/strict";

/** A hop's limit on a machine that is ten times slower, in milliseconds; a defect would take far longer. */
export const BUSY_HOP_MS = 10 * HOP_LIMIT_MS;

/** A client of a store with work in flight that would take a minute. */
export interface BusyClient {
  readonly client: AsyncDisposable;
  /** Checks the client and the outcome of its work, once it is closed and the server is up again. */
  readonly afterwards: () => Promise<void>;
}

/** Checks that a client closes without waiting for its work, whether the server is up, frozen or down. */
export async function closeInEachState(
  server: BackingServer,
  open: () => Promise<BusyClient>,
): Promise<void> {
  const states = {
    up: { begin: () => Promise.resolve(), end: () => Promise.resolve() },
    frozen: { begin: () => server.pause(), end: () => server.resume() },
    down: { begin: () => server.stop(), end: () => server.start() },
  };
  for (const [state, { begin, end }] of Object.entries(states)) {
    const { client, afterwards } = await open();
    await begin();
    const startedAt = performance.now();
    await client[Symbol.asyncDispose]();
    const tookMs = performance.now() - startedAt;
    await end();
    assert.ok(tookMs < BUSY_HOP_MS, `${state}: ${tookMs} ms`);
    await afterwards();
  }
}
