import assert from "node:assert/strict";
import postgres from "postgres";
import { startInventoryAlone } from "./inventory_alone.ts";

const [A, B] = ["a0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000001"] as const;

/** Arrays in PostgreSQL's notation, and the constraint that refuses them, if any. */
const TABLE: readonly (readonly [string, string, string, string?])[] = [
  ["one piece of one part", `{${A}}`, "{1}"],
  ["100 pieces of each of two parts", `{${A},${B}}`, "{100,100}"],
  ["no parts", "{}", "{}", "reservations_part_uuids"],
  ["a part that is null", `{${A},NULL}`, "{1,1}", "reservations_part_uuids"],
  ["101 parts", `{${Array(101).fill(A)}}`, `{${Array(101).fill(1)}}`, "reservations_part_uuids"],
  ["a part without a quantity", `{${A},${B}}`, "{1}", "reservations_quantities"],
  ["a quantity without a part", `{${A}}`, "{1,1}", "reservations_quantities"],
  ["a quantity that is null", `{${A},${B}}`, "{1,NULL}", "reservations_quantities"],
  ["no pieces of a part", `{${A},${B}}`, "{1,0}", "reservations_quantities"],
  ["101 pieces of a part", `{${A},${B}}`, "{101,1}", "reservations_quantities"],
];

Deno.test("the reservations table", async (t) => {
  await using inventory = await startInventoryAlone();
  const { sql } = inventory;
  for (const [what, partUuids, quantities, constraint] of TABLE) {
    await t.step(constraint ? `refuses ${what}, by ${constraint}` : `accepts ${what}`, async () => {
      const insert = sql`
        insert into reservations (order_uuid, part_uuids, quantities)
        values (${crypto.randomUUID()}, ${partUuids}::text::uuid[], ${quantities}::text::int[])`;
      if (constraint === undefined) return void await insert;
      await assert.rejects(insert, (error) => {
        assert.ok(error instanceof postgres.PostgresError);
        assert.equal(error.constraint_name, constraint);
        return true;
      });
    });
  }
});
