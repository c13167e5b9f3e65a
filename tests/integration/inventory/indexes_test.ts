import assert from "node:assert/strict";
import { createPartRepository } from "@rocket/inventory/repository";
import type { Postgres } from "@rocket/platform";
import type { Sql } from "postgres";
import { startInventoryAlone } from "./inventory_alone.ts";

type Filter = Parameters<ReturnType<typeof createPartRepository>["list"]>[0];

const NOTHING: Filter = { uuids: [], names: [], categories: [], manufacturerCountries: [], tags: [] };

/** Each field of the filter alone, and the index that finds its parts. */
const INDEXES: readonly (readonly [Partial<Filter>, string])[] = [
  [{ uuids: ["00000000-0000-4000-8000-000000000007"] }, "parts_pkey"],
  [{ names: ["Part 7", "Part 8"] }, "parts_by_name"],
  [{ categories: ["WING"] }, "parts_by_category"],
  [{ manufacturerCountries: ["Country 7"] }, "parts_by_manufacturer_country"],
  [{ tags: ["tag 7", "tag 8"] }, "parts_by_tags"],
];

Deno.test("among 20,000 parts", async (t) => {
  await using inventory = await startInventoryAlone();
  const { sql } = inventory;
  await addManyParts(sql);

  for (const [filter, index] of INDEXES) {
    await t.step(`${Object.keys(filter)} are found by ${index}, left to the planner`, async () => {
      const plan = await explain(sql, { ...NOTHING, ...filter });
      assert.match(plan, new RegExp(`"Index Name":"${index}"`));
      assert.doesNotMatch(plan, /Seq Scan/);
    });
  }

  await t.step("all fields together need no scan of the table", async () => {
    const filter = INDEXES.reduce((all, [one]) => ({ ...all, ...one }), NOTHING);
    assert.doesNotMatch(await explain(sql, filter), /Seq Scan/);
  });
});

/** Parts of which few are wings, of one country or with one tag, as an index serves none but the few. */
async function addManyParts(sql: Sql): Promise<void> {
  await sql`
    insert into parts (uuid, name, description, price, stock_quantity, category, dimensions, manufacturer, tags, metadata)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Part ' || n, 'One of many', n, n,
      case when n % 500 = 0 then 'WING' else (array['ENGINE', 'FUEL', 'PORTHOLE'])[n % 3 + 1] end,
      '{"length": 1, "width": 1, "height": 1, "weight": 1}',
      jsonb_build_object('name', 'Maker', 'country', 'Country ' || n % 200, 'website', 'https://maker.example.com'),
      array['tag ' || n % 300, 'common'], '{}'
    from generate_series(1, 20000) as n`;
  await sql`analyze parts`;
}

/** The plan of the repository's own query, as JSON. */
async function explain(sql: Sql, filter: Filter): Promise<string> {
  const plans: unknown[] = [];
  const explaining: Postgres = {
    async query(build) {
      plans.push(await sql`explain (format json) ${build(sql)}`);
      // No rows, whatever the query's rows would have been.
      return [] as never;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await createPartRepository(explaining).list(filter);
  assert.equal(plans.length, 1, "one query a call");
  return JSON.stringify(plans);
}
