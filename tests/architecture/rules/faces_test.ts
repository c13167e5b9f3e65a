import assert from "node:assert/strict";
import { breaches, memberJson } from "../fixture.ts";
import { membersByFace, noBarrels } from "./faces.ts";

Deno.test("reaching past a member's face is found, by path or by name", () => {
  const found = breaches(membersByFace, {
    "platform/deno.json": memberJson("platform"),
    "iam/di.ts": `import "../platform/log/logger.ts";\nimport "@rocket/platform/log/logger.ts";`,
    "tests/x.ts": `import "../iam/mod.ts";`,
    ".ci/x.ts": `import "../platform/mod.ts";`,
  });
  assert.deepEqual(found, [
    "iam/di.ts:1: ../platform/log/logger.ts is not what a member exports",
    "iam/di.ts:2: @rocket/platform/log/logger.ts is not what a member exports",
    "tests/x.ts:1: ../iam/mod.ts is not what a member exports",
    ".ci/x.ts:1: ../platform/mod.ts is not what a member exports",
  ]);
});

Deno.test("what a member exports is its face, and its own files are its own affair", () => {
  const found = breaches(membersByFace, {
    "platform/deno.json": JSON.stringify({
      name: "@rocket/platform",
      exports: { ".": "./mod.ts", "./runtime": "./runtime/runtime.ts" },
    }),
    "iam/main.ts": `import "@rocket/platform"; import "@rocket/platform/runtime"; import "./app.ts";`,
    "tests/x.ts": `import "../migrations/iam/0001.ts";`,
  });
  assert.deepEqual(found, []);
});

Deno.test("a module that only re-exports others is found", () => {
  const found = breaches(noBarrels, {
    "iam/service/index.ts": `export * from "./login.ts";`,
    "iam/model/all.ts": `export { User } from "./user.ts";`,
    "iam/model/own.ts": `export const own = 1;`,
  });
  assert.deepEqual(found, [
    "iam/service/index.ts: re-exports other modules and is not a member's face",
    "iam/model/all.ts: re-exports other modules and is not a member's face",
  ]);
});

Deno.test("a member's faces and generated code may re-export", () => {
  const found = breaches(noBarrels, {
    "platform/deno.json": JSON.stringify({ name: "@rocket/platform", exports: { "./log": "./log/mod.ts" } }),
    "platform/log/mod.ts": `export * from "./logger.ts";`,
    "proto/gen/index.ts": `export * from "./auth.ts";`,
  });
  assert.deepEqual(found, []);
});
