import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { knownRooms, noNodeModules } from "./folders.ts";

Deno.test("an unknown folder at the root is found, once", () => {
  assert.deepEqual(
    breaches(knownRooms, { "utils/a.ts": "", "utils/b.ts": "", "README.md": "", "iam/a.ts": "" }),
    [
      "utils: is not a room of the workspace",
    ],
  );
});

Deno.test("packages in the tree are found, at any depth", () => {
  assert.deepEqual(
    breaches(noNodeModules, { "iam/node_modules/x/index.ts": "", "iam/node_modules.ts": "" }),
    [
      "iam/node_modules/x/index.ts: lies in a node_modules folder",
    ],
  );
});
