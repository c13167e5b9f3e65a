import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { importsFromCatalogue, literalImports, noJsr, oneCatalogue } from "./packages.ts";

const CATALOGUE = JSON.stringify({
  imports: { "hono": "npm:hono@4.13.19", "@scope/a": "npm:@scope/a@1.0.0" },
});

Deno.test("a version that is a range, or no npm package, is found", () => {
  const imports = { a: "npm:a@^1.2.3", b: "npm:b", c: "https://example.org/c.ts", d: "npm:@d/d@1.2.3-rc.1" };
  assert.deepEqual(breaches(oneCatalogue, { "deno.json": JSON.stringify({ imports }) }), [
    "deno.json: a is not an exact npm version",
    "deno.json: b is not an exact npm version",
    "deno.json: c is not an exact npm version",
  ]);
});

Deno.test("a member with a catalogue of its own is found", () => {
  assert.deepEqual(breaches(oneCatalogue, { "deno.json": CATALOGUE, "iam/deno.json": CATALOGUE }), [
    "iam/deno.json: has imports of its own",
  ]);
});

Deno.test("a package that is not in the catalogue is found, inline versions and addresses too", () => {
  const found = breaches(importsFromCatalogue, {
    "deno.json": CATALOGUE,
    "iam/x.ts":
      `import "npm:hono@4";\nimport "https://example.org/x.ts";\nimport "chalk";\nimport "honoured";`,
  });
  assert.deepEqual(found, [
    "iam/x.ts:1: npm:hono@4 is not in the root catalogue",
    "iam/x.ts:2: https://example.org/x.ts is not in the root catalogue",
    "iam/x.ts:3: chalk is not in the root catalogue",
    "iam/x.ts:4: honoured is not in the root catalogue",
  ]);
});

Deno.test("the catalogue's packages, their parts, Node's modules and ours are welcome", () => {
  const text = ["hono", "hono/http-exception", "@scope/a/b", "node:fs", "@rocket/iam", "./y.ts", "../z.ts"]
    .map((specifier) => `import "${specifier}";`).join("\n");
  assert.deepEqual(breaches(importsFromCatalogue, { "deno.json": CATALOGUE, "iam/x.ts": text }), []);
});

Deno.test("jsr: is found in modules, in catalogues and in the lock file", () => {
  const found = breaches(noJsr, {
    "iam/x.ts": `import "jsr:@std/assert";`,
    "deno.json": JSON.stringify({ imports: { "@std/assert": "jsr:@std/assert@1" } }),
    "deno.lock": JSON.stringify({ specifiers: { "jsr:@std/assert@1": "1.0.0" } }),
  });
  assert.deepEqual(found, [
    "iam/x.ts:1: jsr:@std/assert comes from jsr:",
    "deno.json: names a package of jsr:",
    "deno.lock: names a package of jsr:",
  ]);
});

Deno.test("a computed import is found, save where migrations are loaded", () => {
  const found = breaches(literalImports, {
    "iam/x.ts": "await import(path);",
    "platform/postgres/migrator.ts": "await import(path);",
  });
  assert.deepEqual(found, ["iam/x.ts:1: imports a module by a computed name"]);
});
