import assert from "node:assert/strict";
import pLimit from "p-limit";
import { eventually } from "@rocket/platform/testing/eventually";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { startInventoryAlone, type Stock } from "./inventory_alone.ts";
import { startReplica, stopBoth } from "./replica.ts";
import { addParts, expireReservation, pieceCounts } from "./stock_rows.ts";

/** Number of concurrent calls: more than there are connections, and few enough for a busy machine. */
const AT_ONCE = 64;

/** Number of times that a race is run, since either side may win. */
const ROUNDS = 50;

Deno.test("two replicas and many concurrent clients", async (t) => {
  // Often enough that sweeps run between all other calls.
  await using inventory = await startInventoryAlone({ RESERVATION_SWEEP_INTERVAL: "5ms" });
  await using replica = await startReplica(inventory);
  const { sql } = inventory;
  const stocks = [inventory.stock, replica.stock] as const;
  const anyOf = (index: number): Stock => stocks[index % 2 === 0 ? 0 : 1];

  await t.step("of 100 clients that want one of the last 10 pieces, exactly 10 get one", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => statusOf(anyOf(i).reserve(crypto.randomUUID(), { [bolt]: 1 }))),
    );
    assert.deepEqual(tally(answers), { OK: 10, FAILED_PRECONDITION: 90 });
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 0, held: 10, sold: 0 }]);
  });

  await t.step("an order reserved 20 times at once takes its pieces once", async () => {
    for (let round = 0; round < 10; round++) {
      const parts = await addParts(sql, 10, 10);
      const [bolt = "", nut = ""] = parts;
      const orderUuid = crypto.randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => statusOf(anyOf(i).reserve(orderUuid, { [bolt]: 3, [nut]: 9 }))),
      );
      assert.deepEqual(tally(answers), { OK: 20 });
      assert.deepEqual(await pieceCounts(sql, parts), [
        { stock: 7, held: 3, sold: 0 },
        { stock: 1, held: 9, sold: 0 },
      ]);
    }
  });

  await t.step("reservations of the same parts in opposite order do not deadlock", async () => {
    const parts = await addParts(sql, ...Array(12).fill(100_000));
    const ascending = Object.fromEntries(parts.map((uuid) => [uuid, 1]));
    const descending = Object.fromEntries(parts.toReversed().map((uuid) => [uuid, 1]));
    const answers = await pLimit(AT_ONCE).map(Array(300).keys(), async (i) => {
      const orderUuid = crypto.randomUUID();
      const pieces = i % 4 < 2 ? ascending : descending;
      const reserved = await statusOf(anyOf(i).reserve(orderUuid, pieces));
      if (i % 3 === 0) await expireReservation(sql, orderUuid);
      const released = i % 3 === 1 ? await statusOf(anyOf(i + 1).release(orderUuid)) : "OK";
      return [reserved, released];
    });
    assert.deepEqual(tally(answers.flat()), { OK: 600 });
    await eventually(async () => {
      assert.deepEqual(
        await pieceCounts(sql, parts),
        Array(12).fill({ stock: 99_900, held: 100, sold: 0 }),
      );
    });
  });

  await t.step("when a reservation is sold and released at once, exactly one succeeds", async () => {
    const [bolt = ""] = await addParts(sql, ROUNDS);
    const orders = Array.from({ length: ROUNDS }, () => crypto.randomUUID());
    for (const orderUuid of orders) await anyOf(0).reserve(orderUuid, { [bolt]: 1 });
    const outcomes = await Promise.all(orders.map(async (orderUuid, i) => {
      const both = [anyOf(i).commit(orderUuid), anyOf(i + 1).release(orderUuid)].map(statusOf);
      return (await Promise.all(both)).join(" ");
    }));
    const { "OK FAILED_PRECONDITION": sold = 0, "NOT_FOUND OK": released = 0, ...other } = tally(outcomes);
    assert.deepEqual(other, {});
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: released, held: 0, sold }]);
  });

  await t.step("when a reservation is sold and expires at once, exactly one succeeds", async () => {
    const [bolt = ""] = await addParts(sql, ROUNDS);
    const answers = await Promise.all(Array.from({ length: ROUNDS }, async (_, i) => {
      const orderUuid = crypto.randomUUID();
      await anyOf(i).reserve(orderUuid, { [bolt]: 1 });
      const [answer] = await Promise.all([
        statusOf(anyOf(i + 1).commit(orderUuid)),
        expireReservation(sql, orderUuid),
      ]);
      return answer;
    }));
    const { OK: sold = 0, NOT_FOUND: ended = 0, ...other } = tally(answers);
    assert.deepEqual(other, {});
    await eventually(async () => {
      assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: ended, held: 0, sold }]);
    });
  });

  await t.step(
    "an expired reservation does not cause a refusal, even while another replica ends it",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [bolt = ""] = await addParts(sql, 10);
        const expired = Array.from({ length: 10 }, () => crypto.randomUUID());
        await Promise.all(expired.map((orderUuid, i) => anyOf(i).reserve(orderUuid, { [bolt]: 1 })));
        await sql`update reservations set expires_at = now() where order_uuid = any (${[
          ...expired,
        ]}::uuid[])`;
        await anyOf(round).reserve(crypto.randomUUID(), { [bolt]: 10 });
        assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 0, held: 10, sold: 0 }]);
      }
    },
  );

  const orders: readonly string[] = Array.from({ length: 1_000 }, () => crypto.randomUUID());
  await t.step("two replicas that sweep at once return everything to stock once", async () => {
    const parts = await addParts(sql, ...Array(10).fill(1_000));
    const pieces = Object.fromEntries(parts.map((uuid) => [uuid, 1]));
    await pLimit(AT_ONCE).map(orders, (orderUuid, i) => anyOf(i).reserve(orderUuid, pieces));
    assert.deepEqual(await pieceCounts(sql, parts), Array(10).fill({ stock: 0, held: 1_000, sold: 0 }));
    await sql`update reservations set expires_at = now() where order_uuid = any (${orders}::uuid[])`;
    await eventually(async () => {
      assert.deepEqual(await pieceCounts(sql, parts), Array(10).fill({ stock: 1_000, held: 0, sold: 0 }));
    });
  });

  await t.step("each was logged as expired once, no call faulted, and no sweep failed", async () => {
    const log = await stopBoth(inventory, replica);
    const expired = expiredOrders(log).filter((uuid) => orders.includes(uuid));
    assert.deepEqual(expired.toSorted(), orders.toSorted());
    assert.doesNotMatch(log.join("\n"), /call faulted|background work failed/);
  });
});

function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/** The orders whose reservations have expired according to a log. */
function expiredOrders(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.includes('"msg":"reservation expired"'))
    .map((line) => JSON.parse(line).order_uuid);
}
