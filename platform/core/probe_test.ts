import assert from "node:assert/strict";
import { runProbes } from "./probe.ts";

Deno.test("all are asked at once; whatever a probe throws, and whenever, it is down", async () => {
  const asked: string[] = [];
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  const results = runProbes({
    slow: () => (asked.push("slow"), slow),
    up: () => (asked.push("up"), Promise.resolve("pong")),
    rejects: () => (asked.push("rejects"), Promise.reject(new Error("no"))),
    throws: () => {
      asked.push("throws");
      throw new Error("no");
    },
  });
  assert.deepEqual(asked, ["slow", "up", "rejects", "throws"]);
  resolve();
  assert.deepEqual(await results, { slow: "up", up: "up", rejects: "down", throws: "down" });
});

Deno.test("no probes, no results", async () => {
  assert.deepEqual(await runProbes({}), {});
});
