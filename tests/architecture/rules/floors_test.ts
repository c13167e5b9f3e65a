import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { floors } from "./floors.ts";

Deno.test("a floor may import itself and the floors below it, and tests may import all", () => {
  const found = violationsOf(floors, {
    "platform/grpc/a.ts": `import "./b.ts";\nimport "../auth/c.ts";\nimport "../core/d.ts";`,
    "platform/grpc/a_test.ts": `import "../service/e.ts";\nimport "../testing/f.ts";`,
    "platform/testing/f.ts": `import "../service/e.ts";`,
    "iam/di.ts": `import "../platform/service/e.ts";`,
  });
  assert.deepEqual(found, []);
});

Deno.test("an import of a higher floor, one of a floor at the same height, and an unknown floor are reported", () => {
  const found = violationsOf(floors, {
    "platform/core/a.ts": `import "../log/b.ts";`,
    "platform/http/c.ts": `import "../grpc/d.ts";`,
    "platform/utils/e.ts": "",
  });
  assert.deepEqual(found, [
    "platform/core/a.ts:1: core may not import log",
    "platform/http/c.ts:1: http may not import grpc",
    "platform/utils/e.ts: platform has no floor named utils",
  ]);
});
