import assert from "node:assert/strict";
import { createProbeCache, runProbes } from "./probe.ts";

Deno.test("probes run concurrently, and an error thrown by a probe is its failure", async () => {
  const started: string[] = [];
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  const rejected = new Error("rejected");
  const thrown = new Error("thrown");
  const failures = runProbes({
    slow: () => (started.push("slow"), slow),
    up: () => (started.push("up"), Promise.resolve("pong")),
    rejects: () => (started.push("rejects"), Promise.reject(rejected)),
    throws: () => {
      started.push("throws");
      throw thrown;
    },
  });
  assert.deepEqual(started, ["slow", "up", "rejects", "throws"]);
  resolve();
  assert.deepEqual(await failures, new Map([["rejects", rejected], ["throws", thrown]]));
});

Deno.test("without probes there are no failures", async () => {
  assert.equal((await runProbes({})).size, 0);
});

Deno.test("a flood of requests shares one run, and its result for a second", async () => {
  let time = 0;
  let runs = 0;
  let isUp = true;
  const store = Promise.withResolvers<void>();
  const ask = createProbeCache({
    store:
      () => (runs++, runs === 1 ? store.promise : isUp ? Promise.resolve() : Promise.reject(new Error())),
  }, () => time);

  const flood = Array.from({ length: 1_000 }, () => ask());
  time = 5_000;
  flood.push(ask());
  assert.equal(runs, 1, "no second run starts during a slow one");
  store.resolve();
  for (const failures of await Promise.all(flood)) assert.equal(failures.size, 0);

  isUp = false;
  assert.equal((await ask()).size, 1);
  isUp = true;
  time = 5_999;
  assert.equal((await ask()).size, 1);
  time = 6_000;
  assert.equal((await ask()).size, 0);
  assert.equal(runs, 3);
});
