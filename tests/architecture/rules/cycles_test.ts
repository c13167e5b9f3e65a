import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { noCycles, noFolderCycles } from "./cycles.ts";

Deno.test("a cycle is reported once, with its path", () => {
  const found = violationsOf(noCycles, {
    "iam/a.ts": `import "./b.ts";`,
    "iam/b.ts": `import "./c.ts";`,
    "iam/c.ts": `import type { A } from "./a.ts";`,
  });
  assert.deepEqual(found, ["iam/a.ts: import cycle: iam/a.ts → iam/b.ts → iam/c.ts → iam/a.ts"]);
});

Deno.test("a module that imports itself is a cycle", () => {
  assert.deepEqual(violationsOf(noCycles, { "iam/a.ts": `import "./a.ts";` }), [
    "iam/a.ts: import cycle: iam/a.ts → iam/a.ts",
  ]);
});

Deno.test("two paths to the same module are not a cycle", () => {
  const found = violationsOf(noCycles, {
    "iam/a.ts": `import "./b.ts"; import "./c.ts";`,
    "iam/b.ts": `import "./d.ts";`,
    "iam/c.ts": `import "./d.ts";`,
    "iam/d.ts": "",
  });
  assert.deepEqual(found, []);
});

Deno.test("folders that import each other are reported, even if no file is in a cycle", () => {
  const found = violationsOf(noFolderCycles, {
    "platform/a/one.ts": `import "../b/two.ts";`,
    "platform/b/two.ts": "",
    "platform/b/three.ts": `import "../a/four.ts";`,
    "platform/a/four.ts": "",
  });
  assert.deepEqual(found, [
    "platform/a: import cycle of folders: platform/a → platform/b → platform/a",
  ]);
});

Deno.test("a folder may import its subfolders, and tests may import any folder", () => {
  const found = violationsOf(noFolderCycles, {
    "dev/x.ts": `import "./inner/y.ts";`,
    "dev/inner/y.ts": `import "../z.ts";`,
    "dev/z.ts": "",
    "platform/a/one.ts": `import "../b/two.ts";`,
    "platform/b/two_test.ts": `import "../a/one.ts";`,
  });
  assert.deepEqual(found, []);
});
