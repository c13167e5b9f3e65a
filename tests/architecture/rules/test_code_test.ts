import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { testCode } from "./test_code.ts";

const PLATFORM = {
  "platform/deno.json": JSON.stringify({
    name: "@rocket/platform",
    exports: { "./testing/eventually": "./testing/eventually.ts" },
  }),
};

Deno.test("production code that imports test code is reported, by path or by name", () => {
  const found = violationsOf(testCode, {
    ...PLATFORM,
    "iam/main.ts": `import "@rocket/platform/testing/eventually";`,
    "platform/mod.ts": `import "./log/logger.ts";\nimport "./testing/eventually.ts";`,
    "dev/main.ts": `import "./main_test.ts";`,
  });
  assert.deepEqual(found, [
    "iam/main.ts:1: platform/testing/eventually.ts is test code",
    "platform/mod.ts:2: platform/testing/eventually.ts is test code",
    "dev/main.ts:1: dev/main_test.ts is test code",
  ]);
});

Deno.test("tests and other test code may import test code", () => {
  const found = violationsOf(testCode, {
    ...PLATFORM,
    "iam/main_test.ts": `import "@rocket/platform/testing/eventually";`,
    "tests/support/system.ts": `import "@rocket/platform/testing/eventually";`,
    "platform/testing/peer.ts": `import "./eventually.ts";`,
  });
  assert.deepEqual(found, []);
});
