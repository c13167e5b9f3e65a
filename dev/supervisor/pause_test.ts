import assert from "node:assert/strict";
import { nextPauseMs } from "./pause.ts";

Deno.test("what dies again and again waits longer each time, but never longer than half a minute", () => {
  const pauses: number[] = [];
  for (let death = 0; death < 8; death++) pauses.push(nextPauseMs(pauses.at(-1), 100));
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

Deno.test("what had been well for a while starts again soon", () => {
  assert.equal(nextPauseMs(30_000, 10_000), 500);
});
