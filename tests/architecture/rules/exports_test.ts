import assert from "node:assert/strict";
import { memberJson, violationsOf } from "../fixture.ts";
import { exportsOnly, noBarrels } from "./exports.ts";

Deno.test("an import of what a member does not export is reported, by path or by name", () => {
  const found = violationsOf(exportsOnly, {
    "platform/deno.json": memberJson("platform"),
    "iam/di.ts": `import "../platform/log/logger.ts";\nimport "@rocket/platform/log/logger.ts";`,
    "tests/x.ts": `import "../iam/mod.ts";`,
    ".ci/x.ts": `import "../platform/mod.ts";`,
  });
  assert.deepEqual(found, [
    "iam/di.ts:1: ../platform/log/logger.ts is not exported by a workspace member",
    "iam/di.ts:2: @rocket/platform/log/logger.ts is not exported by a workspace member",
    "tests/x.ts:1: ../iam/mod.ts is not exported by a workspace member",
    ".ci/x.ts:1: ../platform/mod.ts is not exported by a workspace member",
  ]);
});

Deno.test("a member's exports may be imported, and its own modules may import its other files", () => {
  const found = violationsOf(exportsOnly, {
    "platform/deno.json": JSON.stringify({
      name: "@rocket/platform",
      exports: { ".": "./mod.ts", "./runtime": "./runtime/runtime.ts" },
    }),
    "iam/main.ts": `import "@rocket/platform"; import "@rocket/platform/runtime"; import "./app.ts";`,
    "tests/x.ts": `import "../migrations/iam/0001.ts";`,
  });
  assert.deepEqual(found, []);
});

Deno.test("a module that only re-exports others is reported", () => {
  const found = violationsOf(noBarrels, {
    "iam/service/index.ts": `export * from "./login.ts";`,
    "iam/model/all.ts": `export { User } from "./user.ts";`,
    "iam/model/own.ts": `export const own = 1;`,
  });
  assert.deepEqual(found, [
    "iam/service/index.ts: is a barrel that no member exports",
    "iam/model/all.ts: is a barrel that no member exports",
  ]);
});

Deno.test("a member's exported files and generated code may be barrels", () => {
  const found = violationsOf(noBarrels, {
    "platform/deno.json": JSON.stringify({ name: "@rocket/platform", exports: { "./log": "./log/mod.ts" } }),
    "platform/log/mod.ts": `export * from "./logger.ts";`,
    "proto/gen/index.ts": `export * from "./auth.ts";`,
  });
  assert.deepEqual(found, []);
});
