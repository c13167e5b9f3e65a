import assert from "node:assert/strict";
import { createRedialLimit } from "./redial_limit.ts";

/** Returns when redials are allowed, in seconds, if a write is refused every half second from start to end. */
function redialsBetween(
  start: number,
  end: number,
  clock: { ms: number },
  mayRedial: () => boolean,
): number[] {
  const redials: number[] = [];
  for (clock.ms = start * 1_000; clock.ms <= end * 1_000; clock.ms += 500) {
    if (mayRedial()) redials.push(clock.ms / 1_000);
  }
  return redials;
}

Deno.test("a store that stays read-only is redialled at once, then after pauses that grow to 10 s", () => {
  const clock = { ms: 0 };
  const mayRedial = createRedialLimit(() => clock.ms);
  assert.deepEqual(redialsBetween(0, 45, clock, mayRedial), [0, 2, 6, 14, 24, 34, 44]);
});

Deno.test("in the next outage, the first redial is immediate again", () => {
  const clock = { ms: 0 };
  const mayRedial = createRedialLimit(() => clock.ms);
  redialsBetween(0, 20, clock, mayRedial);
  assert.deepEqual(redialsBetween(31, 33, clock, mayRedial), [31, 33]);
});
