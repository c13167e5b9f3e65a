import assert from "node:assert/strict";
import { createShipRepository } from "@rocket/assembly/ships";
import { encodeEvent } from "@rocket/platform/outbox";
import { eventually } from "@rocket/platform/testing/eventually";
import { ORDER_ASSEMBLED } from "@rocket/proto/events";
import { startOwnDatabase } from "../../support/own_database.ts";

const MIGRATIONS = new URL("../../../migrations/assembly/", import.meta.url);

function aShip() {
  return { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID() };
}

function assembled({ orderUuid, userUuid }: { readonly orderUuid: string; readonly userUuid: string }) {
  return encodeEvent(ORDER_ASSEMBLED, {
    eventUuid: crypto.randomUUID(),
    orderUuid,
    userUuid,
    buildTimeSec: 1,
  });
}

Deno.test("ships of paid orders", async (t) => {
  await using database = await startOwnDatabase("assembly", MIGRATIONS);
  const pools = [database.replica(), database.replica()] as const;
  const [postgres] = pools;
  const replicas = pools.map(createShipRepository);
  const [ships = assert.fail()] = replicas;
  const count = async (table: string) => {
    const [row] = await postgres.query((sql) =>
      sql<[{ n: number }]>`select count(*)::int as n from ${sql(table)}`
    );
    return row.n;
  };
  const inWork = async () => {
    const [row] = await postgres.query((sql) =>
      sql<[{ n: number }]>`
        select count(*)::int as n from ships where begun_at is not null and assembled_at is null`
    );
    return row.n;
  };

  await t.step(
    "an event orders one ship, and an order has one, however many replicas ask and how often",
    async () => {
      const ship = aShip();
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      const added = await Promise.all(
        Array.from(
          { length: 20 },
          (_, at) => (replicas[at % 2] ?? ships).add(ship, 1, at % 3 ? first : second),
        ),
      );
      assert.equal(added.filter((isNew) => isNew).length, 1);
      assert.equal(await count("ships"), 1);
      assert.equal(await count("inbox"), 2);
    },
  );

  await t.step("a ship is finished once, with one event", async () => {
    await ships.begin(10);
    await eventually(async () => assert.equal((await ships.listBuilt(10)).length, 1));
    const [built = assert.fail()] = await ships.listBuilt(10);
    const finished = await Promise.all(
      Array.from(
        { length: 10 },
        (_, at) => (replicas[at % 2] ?? ships).finish(built.orderUuid, assembled(built)),
      ),
    );
    assert.equal(finished.filter((isFirst) => isFirst).length, 1);
    assert.equal(await count("outbox"), 1);
    assert.deepEqual(await ships.listBuilt(10), []);
  });

  await t.step("no more are in work at once than may be, however many replicas begin", async () => {
    for (let ordered = 0; ordered < 30; ordered++) await ships.add(aShip(), 600_000, crypto.randomUUID());
    await Promise.all(Array.from({ length: 20 }, (_, at) => (replicas[at % 2] ?? ships).begin(7)));
    assert.equal(await inWork(), 7);
    await Promise.all([ships.begin(9), ships.begin(9)]);
    assert.equal(await inWork(), 9);
    const nextMs = await ships.untilNextMs();
    assert.ok(nextMs !== undefined && nextMs > 500_000 && nextMs <= 600_000);
  });

  await t.step("what was assembled long ago is forgotten, and what is not assembled is kept", async () => {
    await postgres.query((sql) => sql`update ships set assembled_at = assembled_at - interval '8 days'`);
    await postgres.query((sql) => sql`update inbox set received_at = now() - interval '8 days'`);
    while (await ships.forgetOld(7 * 86_400_000, 10) > 0);
    assert.deepEqual([await count("ships"), await count("inbox")], [30, 0]);
  });
});
