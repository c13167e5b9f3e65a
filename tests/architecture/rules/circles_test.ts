import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { noCircles } from "./circles.ts";

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
