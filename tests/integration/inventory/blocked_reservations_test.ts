import assert from "node:assert/strict";
import type { TransactionSql } from "postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import { errorOf } from "@rocket/platform/testing/raw-client";
import { assertOneWaitsForLock, withTransaction } from "./concurrent_transaction.ts";
import { startInventoryAlone } from "./inventory_alone.ts";
import { addParts, expireReservation, pieceCounts } from "./stock_rows.ts";

Deno.test("a call that waits for another acts on the state that the other leaves", async (t) => {
  await using inventory = await startInventoryAlone({ RESERVATION_SWEEP_INTERVAL: "1h" });
  const { sql, stock } = inventory;

  /** Makes the call during another transaction, which is committed once the call waits for its lock. */
  const whileBlocked = async <T>(
    work: (tx: TransactionSql) => Promise<unknown>,
    call: () => Promise<T>,
    beforeCommit: (tx: TransactionSql) => Promise<unknown> = () => Promise.resolve(),
  ) => {
    let answer: Promise<T> | undefined;
    await withTransaction(inventory, async (tx) => {
      await work(tx);
      answer = call();
      // It is awaited below; a failure before that must not count as unhandled.
      answer.catch(() => {});
      await eventually(() => assertOneWaitsForLock(sql));
      await beforeCommit(tx);
    });
    return await answer;
  };
  const sell = (orderUuid: string) => (tx: TransactionSql) =>
    tx`update reservations set expires_at = null where order_uuid = ${orderUuid}`;
  const setStock = (part: string, pieces: number) => (tx: TransactionSql) =>
    tx`update parts set stock_quantity = ${pieces} where uuid = ${part}`;

  await t.step("pieces that another call takes are not available", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    const error = await errorOf(
      whileBlocked(setStock(bolt, 2), () => stock.reserve(orderUuid, { [bolt]: 3 })),
    );
    assert.match(error.details, /3 ordered, 2 available$/);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 2, held: 0, sold: 0 }]);
  });

  await t.step("pieces that another call returns are available", async () => {
    const [bolt = ""] = await addParts(sql, 0);
    await whileBlocked(setStock(bolt, 3), () => stock.reserve(crypto.randomUUID(), { [bolt]: 3 }));
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 0, held: 3, sold: 0 }]);
  });

  await t.step("a reservation that another call makes for the same order is renewed", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    const insert = (tx: TransactionSql) =>
      tx`insert into reservations (order_uuid, part_uuids, quantities, expires_at)
         values (${orderUuid}, ${[bolt]}::uuid[], '{4}', now())`;
    await whileBlocked(insert, () => stock.reserve(orderUuid, { [bolt]: 4 }), setStock(bolt, 6));
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 4, sold: 0 }]);
  });

  await t.step("a reservation that another call ends is made again", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4 });
    const end = (tx: TransactionSql) => tx`delete from reservations where order_uuid = ${orderUuid}`;
    await whileBlocked(end, () => stock.reserve(orderUuid, { [bolt]: 4 }), setStock(bolt, 10));
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 4, sold: 0 }]);
  });

  await t.step("pieces that another call sells are not reserved again", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4 });
    const expiresAt = await whileBlocked(
      sell(orderUuid),
      () => stock.reserve(orderUuid, { [bolt]: 4 }, 86_400),
    );
    assert.equal(expiresAt, undefined);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 0, sold: 4 }]);
  });

  await t.step("pieces that another call sells are not returned to stock", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4 });
    const error = await errorOf(whileBlocked(sell(orderUuid), () => stock.release(orderUuid)));
    assert.match(error.details, /have been sold$/);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 0, sold: 4 }]);
  });

  await t.step("pieces that another call returns to stock are not sold", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4 });
    const end = (tx: TransactionSql) => tx`delete from reservations where order_uuid = ${orderUuid}`;
    const error = await errorOf(whileBlocked(end, () => stock.commit(orderUuid), setStock(bolt, 10)));
    assert.match(error.details, /^no pieces are reserved/);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 10, held: 0, sold: 0 }]);
  });

  await t.step("an expired reservation that another call is ending does not cause a refusal", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 10 });
    await expireReservation(sql, orderUuid);
    const end = (tx: TransactionSql) => tx`delete from reservations where order_uuid = ${orderUuid}`;
    const reserve = () => stock.reserve(crypto.randomUUID(), { [bolt]: 10 });
    await whileBlocked(end, reserve, setStock(bolt, 10));
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 0, held: 10, sold: 0 }]);
  });

  await t.step(
    "an expired reservation that another call sells stays sold, and the next is refused",
    async () => {
      const [bolt = ""] = await addParts(sql, 10);
      const orderUuid = crypto.randomUUID();
      await stock.reserve(orderUuid, { [bolt]: 10 });
      await expireReservation(sql, orderUuid);
      const reserve = () => stock.reserve(crypto.randomUUID(), { [bolt]: 1 });
      const error = await errorOf(whileBlocked(sell(orderUuid), reserve));
      assert.match(error.details, /1 ordered, 0 available$/);
      assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 0, held: 0, sold: 10 }]);
    },
  );
});
