import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { noCircles, noFolderCircles } from "./circles.ts";

Deno.test("a circle is found, once, and drawn", () => {
  const found = breaches(noCircles, {
    "iam/a.ts": `import "./b.ts";`,
    "iam/b.ts": `import "./c.ts";`,
    "iam/c.ts": `import type { A } from "./a.ts";`,
  });
  assert.deepEqual(found, ["iam/a.ts: imports itself: iam/a.ts → iam/b.ts → iam/c.ts → iam/a.ts"]);
});

Deno.test("a module that imports itself is a circle of one", () => {
  assert.deepEqual(breaches(noCircles, { "iam/a.ts": `import "./a.ts";` }), [
    "iam/a.ts: imports itself: iam/a.ts → iam/a.ts",
  ]);
});

Deno.test("two ways to the same module are no circle", () => {
  const found = breaches(noCircles, {
    "iam/a.ts": `import "./b.ts"; import "./c.ts";`,
    "iam/b.ts": `import "./d.ts";`,
    "iam/c.ts": `import "./d.ts";`,
    "iam/d.ts": "",
  });
  assert.deepEqual(found, []);
});

Deno.test("folders that need each other are found, though no file is in a circle", () => {
  const found = breaches(noFolderCircles, {
    "platform/a/one.ts": `import "../b/two.ts";`,
    "platform/b/two.ts": "",
    "platform/b/three.ts": `import "../a/four.ts";`,
    "platform/a/four.ts": "",
  });
  assert.deepEqual(found, [
    "platform/a: is a folder that imports itself: platform/a → platform/b → platform/a",
  ]);
});

Deno.test("a folder may need those within it, tests may need any", () => {
  const found = breaches(noFolderCircles, {
    "dev/x.ts": `import "./inner/y.ts";`,
    "dev/inner/y.ts": `import "../z.ts";`,
    "dev/z.ts": "",
    "platform/a/one.ts": `import "../b/two.ts";`,
    "platform/b/two_test.ts": `import "../a/one.ts";`,
  });
  assert.deepEqual(found, []);
});
