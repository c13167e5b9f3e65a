import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { createRefusalLog } from "./refusals.ts";

Deno.test("refused requests are counted by kind, and logged once a second at most", () => {
  const { log, lines } = captureLog();
  let now = 0;
  const count = createRefusalLog(log, () => now);
  for (const kind of ["read", "read", "write", "read"]) count(kind);
  now = 1_000;
  count("write");
  assert.deepEqual(lines.map(({ refused }) => refused), [{ read: 1 }, { read: 2, write: 2 }]);
});
