import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { knownFolders, noNodeModules } from "./folders.ts";

Deno.test("an unknown folder at the root is reported once", () => {
  assert.deepEqual(
    violationsOf(knownFolders, { "utils/a.ts": "", "utils/b.ts": "", "README.md": "", "iam/a.ts": "" }),
    [
      "utils: is not in the workspace's layout",
    ],
  );
});

Deno.test("a node_modules folder is reported at any depth", () => {
  assert.deepEqual(
    violationsOf(noNodeModules, { "iam/node_modules/x/index.ts": "", "iam/node_modules.ts": "" }),
    [
      "iam/node_modules/x/index.ts: is in a node_modules folder",
    ],
  );
});
