import assert from "node:assert/strict";
import { runAbuse } from "./abuse.ts";

Deno.test({
  name:
    "attacks on one connection, and by one user, get no more than their share, and leave the system as it was",
  // Peaks of memory are read from /proc.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await runAbuse(
      ["compressed bombs", "a filter that expands", "calls that never finish", "orders that are never paid"],
      ({ attack, faults, outcome }) => assert.deepEqual(faults, [], `${attack}: ${outcome}`),
    );
  },
});
