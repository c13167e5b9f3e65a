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

Deno.test("a barrel is found, and so is a second mod.ts", () => {
  const found = breaches(noBarrels, {
    "iam/service/index.ts": `export * from "./login.ts";`,
    "iam/model/all.ts": `export { User } from "./user.ts";`,
    "platform/grpc/mod.ts": `export const own = 1;`,
  });
  assert.deepEqual(found, [
    "iam/service/index.ts: hands on what others export",
    "iam/model/all.ts: hands on what others export",
    "platform/grpc/mod.ts: a member has one mod.ts, at its root",
  ]);
});

Deno.test("a member's mod.ts and generated code may hand on", () => {
  const found = breaches(noBarrels, {
    "platform/mod.ts": `export * from "./log/logger.ts";`,
    "proto/gen/index.ts": `export * from "./auth.ts";`,
  });
  assert.deepEqual(found, []);
});
