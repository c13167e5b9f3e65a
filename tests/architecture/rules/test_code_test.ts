import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { testCode } from "./test_code.ts";

const PLATFORM = {
  "platform/deno.json": JSON.stringify({
    name: "@rocket/platform",
    exports: { "./testing/eventually": "./testing/eventually.ts" },
  }),
};

Deno.test("what runs in production and imports what is made for tests is found, by path or by name", () => {
  const found = breaches(testCode, {
    ...PLATFORM,
    "iam/main.ts": `import "@rocket/platform/testing/eventually";`,
    "platform/mod.ts": `import "./log/logger.ts";\nimport "./testing/eventually.ts";`,
    "dev/main.ts": `import "./main_test.ts";`,
  });
  assert.deepEqual(found, [
    "iam/main.ts:1: platform/testing/eventually.ts is made for tests",
    "platform/mod.ts:2: platform/testing/eventually.ts is made for tests",
    "dev/main.ts:1: dev/main_test.ts is made for tests",
  ]);
});

Deno.test("tests, suites and what is made for tests may import it", () => {
  const found = breaches(testCode, {
    ...PLATFORM,
    "iam/main_test.ts": `import "@rocket/platform/testing/eventually";`,
    "tests/support/system.ts": `import "@rocket/platform/testing/eventually";`,
    "platform/testing/peer.ts": `import "./eventually.ts";`,
  });
  assert.deepEqual(found, []);
});
