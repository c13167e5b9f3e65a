import assert from "node:assert/strict";
import { runProbes } from "./probe.ts";

Deno.test("probes run at once, and whatever one throws is its failure", async () => {
  const asked: string[] = [];
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  const rejected = new Error("rejected");
  const thrown = new Error("thrown");
  const failures = runProbes({
    slow: () => (asked.push("slow"), slow),
    up: () => (asked.push("up"), Promise.resolve("pong")),
    rejects: () => (asked.push("rejects"), Promise.reject(rejected)),
    throws: () => {
      asked.push("throws");
      throw thrown;
    },
  });
  assert.deepEqual(asked, ["slow", "up", "rejects", "throws"]);
  resolve();
  assert.deepEqual(await failures, new Map([["rejects", rejected], ["throws", thrown]]));
});

Deno.test("without probes there are no failures", async () => {
  assert.equal((await runProbes({})).size, 0);
});
