import assert from "node:assert/strict";
import { memberJson, violationsOf } from "../fixture.ts";
import { folderImports } from "./folder_imports.ts";

const MEMBERS = ["proto", "platform", "iam", "inventory", "payment", "order", "dev", "tests"];
const EXPORTS = Object.fromEntries(MEMBERS.map((name) => [`${name}/deno.json`, memberJson(name)]));

/** Pairs of folders: the first may import the second. */
const ALLOWED = new Set([
  "platform proto",
  ...["iam", "inventory", "payment", "order", "dev"].flatMap((
    folder,
  ) => [`${folder} proto`, `${folder} platform`]),
  ...MEMBERS.map((folder) => `tests ${folder}`),
]);

Deno.test("a folder may import the folders that the table allows, and no others", () => {
  for (const folder of MEMBERS) {
    for (const other of MEMBERS.filter((name) => name !== folder)) {
      const found = violationsOf(folderImports, {
        ...EXPORTS,
        [`${folder}/x.ts`]: `import "@rocket/${other}";`,
      });
      const isAllowed = ALLOWED.has(`${folder} ${other}`);
      assert.deepEqual(found, isAllowed ? [] : [`${folder}/x.ts:1: ${folder} may not import ${other}`]);
    }
  }
});

Deno.test("an import by a relative path follows the same rule", () => {
  const found = violationsOf(folderImports, {
    "order/client/iam.ts": `import "../../iam/service/login.ts";`,
  });
  assert.deepEqual(found, ["order/client/iam.ts:1: order may not import iam"]);
});

Deno.test("a migration may not import other workspace folders", () => {
  const found = violationsOf(folderImports, {
    ...EXPORTS,
    "migrations/iam/0001.ts": `import "@rocket/platform"; import "postgres";`,
  });
  assert.deepEqual(found, ["migrations/iam/0001.ts:1: migrations may not import platform"]);
});

Deno.test("a unit test may import dev, but not another service", () => {
  const found = violationsOf(folderImports, {
    ...EXPORTS,
    "iam/repository/users_test.ts": `import "@rocket/dev";\nimport "@rocket/order";`,
  });
  assert.deepEqual(found, ["iam/repository/users_test.ts:2: iam may not import order"]);
});
