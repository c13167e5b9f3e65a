import assert from "node:assert/strict";

/** Enough rounds to reveal a difference. */
const MIN_ROUNDS = 5;

/** More rounds than a busy machine needs to let each attempt run once undisturbed. */
const MAX_ROUNDS = 100;

/**
 * Checks that the attempts take the same time, within 25 %. Compares the fastest run of each, over as many rounds as
 * needed: other work on the machine can only slow an attempt down, so the fastest runs converge unless the attempts
 * themselves differ.
 */
export async function assertSameCost(
  attempts: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const fastestMs = new Map<string, number>();
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    for (const [name, attempt] of Object.entries(attempts)) {
      const startedAt = performance.now();
      await attempt();
      const tookMs = performance.now() - startedAt;
      fastestMs.set(name, Math.min(tookMs, fastestMs.get(name) ?? Infinity));
    }
    const values = [...fastestMs.values()];
    if (round >= MIN_ROUNDS && Math.max(...values) <= Math.min(...values) * 1.25) return;
  }
  assert.fail(`the fastest attempts differ, in ms: ${JSON.stringify(Object.fromEntries(fastestMs))}`);
}
