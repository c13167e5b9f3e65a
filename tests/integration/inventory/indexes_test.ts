import assert from "node:assert/strict";
import { createPartRepository } from "@rocket/inventory/repository";
import { createReservationRepository } from "@rocket/inventory/reservations";
import type { Postgres } from "@rocket/platform/postgres";
import type { Sql } from "postgres";
import { startInventoryAlone } from "./inventory_alone.ts";

type Filter = Parameters<ReturnType<typeof createPartRepository>["list"]>[0];

const NO_FILTER: Filter = { uuids: [], names: [], categories: [], manufacturerCountries: [], tags: [] };

/** Each field of the filter alone, with the index that finds its parts. */
const INDEXES: readonly (readonly [Partial<Filter>, string])[] = [
  [{ uuids: ["00000000-0000-4000-8000-000000000007"] }, "parts_pkey"],
  [{ names: ["Part 7", "Part 8"] }, "parts_by_name"],
  [{ categories: ["WING"] }, "parts_by_category"],
  [{ manufacturerCountries: ["Country 7"] }, "parts_by_manufacturer_country"],
  [{ tags: ["tag 7", "tag 8"] }, "parts_by_tags"],
];

Deno.test("with 20,000 parts", async (t) => {
  await using inventory = await startInventoryAlone();
  const { sql } = inventory;
  await addManyParts(sql);

  for (const [filter, index] of INDEXES) {
    await t.step(`the planner finds ${Object.keys(filter)} by ${index}`, async () => {
      const plan = await explainList(sql, { ...NO_FILTER, ...filter });
      assert.match(plan, new RegExp(`"Index Name":"${index}"`));
      assert.doesNotMatch(plan, /Seq Scan/);
    });
  }

  await t.step("all fields together need no scan of the table", async () => {
    const filter = INDEXES.reduce((all, [one]) => ({ ...all, ...one }), NO_FILTER);
    assert.doesNotMatch(await explainList(sql, filter), /Seq Scan/);
  });

  await addManyReservations(sql);
  for (const [statement, act] of Object.entries(STATEMENTS)) {
    await t.step(`and 20,000 reservations, ${statement} scans no table`, async () => {
      const plan = await explain(sql, (postgres) => act(createReservationRepository(postgres)));
      assert.doesNotMatch(plan, /Seq Scan/);
    });
  }
});

const ORDER = "10000000-0000-4000-8000-000000000007";
const PARTS = Array.from({ length: 100 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);
const ITEMS = PARTS.map((partUuid) => ({ partUuid, quantity: 1 }));

/** The statements on reservations. */
const STATEMENTS: Readonly<Record<string, (reservations: Reservations) => Promise<unknown>>> = {
  "reserving a hundred parts": (all) => all.reserve({ orderUuid: ORDER, items: ITEMS, ttlMs: 1_000 }),
  "reserving a part": (all) => all.reserve({ orderUuid: ORDER, items: ITEMS.slice(7, 8), ttlMs: 1_000 }),
  "finding shortages": (all) => all.findShortages(ITEMS),
  "committing": (all) => all.commit(ORDER),
  "releasing": (all) => all.release(ORDER),
  "ending expired reservations": (all) => all.endExpired(),
  "ending expired reservations of a part": (all) => all.endExpiredOf(PARTS.slice(7, 8)),
};

type Reservations = ReturnType<typeof createReservationRepository>;

/** Adds parts so that each filter finds only a few: an index does not help to find many rows. */
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

/** Adds reservations, of which few have expired and most are sold. */
async function addManyReservations(sql: Sql): Promise<void> {
  await sql`
    insert into reservations (order_uuid, part_uuids, quantities, expires_at)
    select ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
      array[('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid], '{1}',
      case when n % 100 = 0 then now() - interval '1 hour' when n % 10 = 0 then now() + interval '1 hour' end
    from generate_series(1, 20000) as n`;
  await sql`analyze reservations`;
}

function explainList(sql: Sql, filter: Filter): Promise<string> {
  return explain(sql, (postgres) => createPartRepository(postgres).list(filter));
}

/** The plan of a repository's own query, as JSON. */
async function explain(sql: Sql, act: (postgres: Postgres) => Promise<unknown>): Promise<string> {
  const plans: unknown[] = [];
  const explaining: Postgres = {
    transaction: () => Promise.reject(new Error("not expected")),
    async query(build) {
      plans.push(await sql`explain (format json) ${build(sql)}`);
      // No rows: only the plan is of interest.
      return [] as never;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  // Some repositories fail without the row that a real database always returns.
  await act(explaining).catch(() => {});
  assert.equal(plans.length, 1, "one query per call");
  return JSON.stringify(plans);
}
