import { currentRequest } from "@rocket/platform/core";
import type { Redis } from "@rocket/platform/redis";
import assert from "node:assert/strict";
import { createKnownAddresses } from "./known_addresses.ts";

Deno.test("a login waits 250 ms at most for known addresses, however long Redis hangs", async () => {
  const limitsMs: number[] = [];
  const hanging: Redis = {
    run: () => {
      limitsMs.push((currentRequest()?.deadline ?? Infinity) - Date.now());
      return Promise.reject(new Error("too late"));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const known = createKnownAddresses(hanging);
  await assert.rejects(known.has("ripley", "192.0.2.1"));
  await assert.rejects(known.add("ripley", "192.0.2.1"));
  await assert.rejects(known.forget("ripley"));
  assert.equal(limitsMs.length, 3);
  for (const limitMs of limitsMs) assert.ok(limitMs <= 250, `${limitMs} ms`);
});
