import assert from "node:assert/strict";
import { parseModule } from "./module.ts";

const FACES = new Map([["@rocket/proto", "proto/mod.ts"], ["@rocket/platform/runtime", "platform/run.ts"]]);

function parse(text: string) {
  return parseModule("iam/service/login.ts", text, FACES);
}

Deno.test("every way to name another module is seen", () => {
  const { imports } = parse(`
    import a, { b } from "./a.ts";
    import type { C } from "../model/c.ts";
    import "../side_effect.ts";
    export { d } from "../../platform/d.ts";
    export * from "@rocket/proto";
    const e = await import("@rocket/platform/runtime");
    type F = import("postgres").Sql;
    import g = require("node:fs");
  `);
  assert.deepEqual(imports, [
    { line: 2, specifier: "./a.ts", target: "iam/service/a.ts" },
    { line: 3, specifier: "../model/c.ts", target: "iam/model/c.ts" },
    { line: 4, specifier: "../side_effect.ts", target: "iam/side_effect.ts" },
    { line: 5, specifier: "../../platform/d.ts", target: "platform/d.ts" },
    { line: 6, specifier: "@rocket/proto", target: "proto/mod.ts" },
    { line: 7, specifier: "@rocket/platform/runtime", target: "platform/run.ts" },
    { line: 8, specifier: "postgres" },
    { line: 9, specifier: "node:fs" },
  ]);
});

Deno.test("a computed import is seen, without a name", () => {
  assert.deepEqual(parse("await import(path);\nawait import(`./${name}.ts`);").imports, [{ line: 1 }, {
    line: 2,
  }]);
});

Deno.test("imports in comments and strings are none", () => {
  const text = "// import './a.ts'\nconst s = `import './b.ts'`;\n/* import('./c.ts') */";
  assert.deepEqual(parse(text).imports, []);
});

for (
  const text of [
    "Deno.env.get('A')",
    "Deno['env'].get('A')",
    "globalThis.Deno.env.toObject()",
    "process.env.A",
    "const { env } = Deno;",
    "const { env: mine } = process;",
    "import p from 'node:process'; p.env.A",
    "import * as p from 'node:process'; p.env.A",
    "import { env as mine } from 'process';",
  ]
) {
  Deno.test(`reading the environment is seen: ${text}`, () => {
    assert.deepEqual(parse(text).environmentLines, [1]);
  });
}

for (
  const text of [
    "// Deno.env.get('A')",
    "'process.env'",
    "options.env.A",
    "Deno.args",
    "const { args } = Deno;",
    "import process from 'node:process'; process.exitCode = 1",
  ]
) {
  Deno.test(`not reading the environment: ${text}`, () => {
    assert.deepEqual(parse(text).environmentLines, []);
  });
}

Deno.test("a module that only hands on is a barrel, and so is one that hands on all of another", () => {
  assert.ok(parse("export { a } from './a.ts'; export type { B } from './b.ts';").isBarrel);
  assert.ok(parse("export * from './a.ts'; export const own = 1;").isBarrel);
});

Deno.test("a module with something of its own is no barrel, nor is one without exports", () => {
  assert.ok(!parse("export type { B } from './b.ts'; export const own = 1;").isBarrel);
  assert.ok(!parse("import './a.ts';").isBarrel);
});
