import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { samePackageVersions, sameRuntimeVersion } from "./versions.ts";

Deno.test("a version other than the import map's is reported in any file", () => {
  const found = violationsOf(samePackageVersions, {
    "deno.json": JSON.stringify({ imports: { a: "npm:@x/a@1.0.0" } }),
    "proto/buf.gen.yaml":
      "one\nlocal: [deno, run, npm:@x/a@1.0.1/bin]\nlocal: [deno, run, npm:@x/a@1.0.0/bin]",
  });
  assert.deepEqual(found, ["proto/buf.gen.yaml:2: @x/a@1.0.1 is not the version in the root import map"]);
});

Deno.test("a command with another version of Deno than the pinned one is reported", () => {
  const found = violationsOf(sameRuntimeVersion, {
    ".dvmrc": "2.9.3\n",
    "README.md": "npx -y deno@2.9.3 task dev\nnpx -y deno@2.9.4 task test",
  });
  assert.deepEqual(found, ["README.md:2: Deno 2.9.4 is not the pinned 2.9.3"]);
});
