import assert from "node:assert/strict";
import { breaches, memberJson } from "../fixture.ts";
import { roomImports } from "./room_imports.ts";

const MEMBERS = ["proto", "platform", "iam", "inventory", "payment", "order", "dev", "tests"];
const FACES = Object.fromEntries(MEMBERS.map((name) => [`${name}/deno.json`, memberJson(name)]));

/** The table of rooms, as pairs: the first may import the second. */
const ALLOWED = new Set([
  "platform proto",
  ...["iam", "inventory", "payment", "order", "dev"].flatMap((room) => [`${room} proto`, `${room} platform`]),
  ...MEMBERS.map((room) => `tests ${room}`),
]);

Deno.test("a room imports the rooms that the table allows it, and no other", () => {
  for (const room of MEMBERS) {
    for (const other of MEMBERS.filter((name) => name !== room)) {
      const found = breaches(roomImports, { ...FACES, [`${room}/x.ts`]: `import "@rocket/${other}";` });
      const isAllowed = ALLOWED.has(`${room} ${other}`);
      assert.deepEqual(found, isAllowed ? [] : [`${room}/x.ts:1: ${room} may not import ${other}`]);
    }
  }
});

Deno.test("a way around by a relative path is the same import", () => {
  const found = breaches(roomImports, { "order/client/iam.ts": `import "../../iam/service/login.ts";` });
  assert.deepEqual(found, ["order/client/iam.ts:1: order may not import iam"]);
});

Deno.test("a migration imports nothing of ours", () => {
  const found = breaches(roomImports, {
    ...FACES,
    "migrations/iam/0001.ts": `import "@rocket/platform"; import "postgres";`,
  });
  assert.deepEqual(found, ["migrations/iam/0001.ts:1: migrations may not import platform"]);
});

Deno.test("a unit test may take its servers from dev, but not from another service", () => {
  const found = breaches(roomImports, {
    ...FACES,
    "iam/repository/users_test.ts": `import "@rocket/dev";\nimport "@rocket/order";`,
  });
  assert.deepEqual(found, ["iam/repository/users_test.ts:2: iam may not import order"]);
});
