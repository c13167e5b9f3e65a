import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { literalImports, noJsr, oneImportMap, packagesInImportMap } from "./packages.ts";

const IMPORT_MAP = JSON.stringify({
  imports: { "hono": "npm:hono@4.13.19", "@scope/a": "npm:@scope/a@1.0.0" },
});

Deno.test("a version range, and a package that is not from npm, are reported", () => {
  const imports = { a: "npm:a@^1.2.3", b: "npm:b", c: "https://example.org/c.ts", d: "npm:@d/d@1.2.3-rc.1" };
  assert.deepEqual(violationsOf(oneImportMap, { "deno.json": JSON.stringify({ imports }) }), [
    "deno.json: a is not an exact npm version",
    "deno.json: b is not an exact npm version",
    "deno.json: c is not an exact npm version",
  ]);
});

Deno.test("a member with its own import map is reported", () => {
  assert.deepEqual(violationsOf(oneImportMap, { "deno.json": IMPORT_MAP, "iam/deno.json": IMPORT_MAP }), [
    "iam/deno.json: has imports of its own",
  ]);
});

Deno.test("a package that is not in the import map is reported, including inline versions and URLs", () => {
  const found = violationsOf(packagesInImportMap, {
    "deno.json": IMPORT_MAP,
    "iam/x.ts":
      `import "npm:hono@4";\nimport "https://example.org/x.ts";\nimport "chalk";\nimport "honoured";`,
  });
  assert.deepEqual(found, [
    "iam/x.ts:1: npm:hono@4 is not in the root import map",
    "iam/x.ts:2: https://example.org/x.ts is not in the root import map",
    "iam/x.ts:3: chalk is not in the root import map",
    "iam/x.ts:4: honoured is not in the root import map",
  ]);
});

Deno.test("packages in the import map, their subpaths, Node's modules and workspace files may be imported", () => {
  const text = ["hono", "hono/http-exception", "@scope/a/b", "node:fs", "@rocket/iam", "./y.ts", "../z.ts"]
    .map((specifier) => `import "${specifier}";`).join("\n");
  assert.deepEqual(violationsOf(packagesInImportMap, { "deno.json": IMPORT_MAP, "iam/x.ts": text }), []);
});

Deno.test("jsr: is reported in modules, in import maps and in the lock file", () => {
  const found = violationsOf(noJsr, {
    "iam/x.ts": `import "jsr:@std/assert";`,
    "deno.json": JSON.stringify({ imports: { "@std/assert": "jsr:@std/assert@1" } }),
    "deno.lock": JSON.stringify({ specifiers: { "jsr:@std/assert@1": "1.0.0" } }),
  });
  assert.deepEqual(found, [
    "iam/x.ts:1: jsr:@std/assert comes from jsr:",
    "deno.json: lists a package from jsr:",
    "deno.lock: lists a package from jsr:",
  ]);
});

Deno.test("a computed import is reported, except where migrations are loaded", () => {
  const found = violationsOf(literalImports, {
    "iam/x.ts": "await import(path);",
    "platform/postgres/migrator.ts": "await import(path);",
  });
  assert.deepEqual(found, ["iam/x.ts:1: imports a module by a computed name"]);
});
