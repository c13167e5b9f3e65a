import assert from "node:assert/strict";
import { silentLog } from "../testing/an_order.ts";
import { createForgetOldKeys } from "./forget_old_keys.ts";

Deno.test("old keys are deleted until there are no more", async () => {
  const { forget, asked } = setUp(2_500);
  await forget(new AbortController().signal);
  assert.deepEqual(asked, [1_000, 1_000, 1_000]);
});

Deno.test("once the service closes, the rest is left for later", async () => {
  const { forget, asked } = setUp(2_500);
  await forget(AbortSignal.abort());
  assert.deepEqual(asked, [1_000]);
});

function setUp(there: number) {
  const asked: number[] = [];
  const forgetOld = (limit: number) => {
    asked.push(limit);
    const forgotten = Math.min(limit, there);
    there -= forgotten;
    return Promise.resolve(forgotten);
  };
  return { forget: createForgetOldKeys({ forgetOld }, silentLog), asked };
}
