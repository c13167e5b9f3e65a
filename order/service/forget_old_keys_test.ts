import assert from "node:assert/strict";
import { silentLog } from "../testing/an_order.ts";
import { createForgetOldKeys } from "./forget_old_keys.ts";

Deno.test("old keys are deleted until none are left", async () => {
  const { forget, limits } = setUp(2_500);
  await forget(new AbortController().signal);
  assert.deepEqual(limits, [1_000, 1_000, 1_000]);
});

Deno.test("once the service is closing, the rest is left for later", async () => {
  const { forget, limits } = setUp(2_500);
  await forget(AbortSignal.abort());
  assert.deepEqual(limits, [1_000]);
});

function setUp(remaining: number) {
  const limits: number[] = [];
  const forgetOld = (limit: number) => {
    limits.push(limit);
    const deleted = Math.min(limit, remaining);
    remaining -= deleted;
    return Promise.resolve(deleted);
  };
  return { forget: createForgetOldKeys({ forgetOld }, silentLog), limits };
}
