import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { startInventoryAlone } from "./inventory_alone.ts";
import { assertOneWaitsForLock, withTransaction } from "./concurrent_transaction.ts";
import { addParts, expireReservation, pieceCounts } from "./stock_rows.ts";

/** Often enough that a test need not wait for a sweep. */
const OFTEN = { RESERVATION_SWEEP_INTERVAL: "20ms" };

Deno.test("a reservation expires automatically", async (t) => {
  await using inventory = await startInventoryAlone(OFTEN);
  const { sql, stock, system } = inventory;

  await t.step("when its time has passed, and not before", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    const expiresAt = Number(await stock.reserve(orderUuid, { [bolt]: 4 }, 1));
    await eventually(async () => {
      const [at] = await pieceCounts(sql, [bolt]);
      if (at?.held === 0) assert.ok(Date.now() >= expiresAt);
      assert.deepEqual(at, { stock: 10, held: 0, sold: 0 });
    });
    const [line = ""] = await system.process("inventory").waitForLine(/^.*"msg":"reservation expired".*$/);
    const { order_uuid, parts, pieces } = JSON.parse(line);
    assert.deepEqual([order_uuid, parts, pieces], [orderUuid, 1, 4]);
  });

  await t.step("also if the service was killed right after it was made", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    await stock.reserve(crypto.randomUUID(), { [bolt]: 4 }, 1);
    const process = system.process("inventory");
    process.kill("SIGKILL");
    await process.waitForExit();
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 4, sold: 0 }]);
    await system.start("inventory", { RESERVATION_SWEEP_INTERVAL: "1s" });
    await eventually(async () => {
      assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 10, held: 0, sold: 0 }]);
    });
  });

  await t.step("also if it expired while the service was down: the service sweeps at its start", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await eventually(() => stock.reserve(orderUuid, { [bolt]: 4 }));
    assert.equal((await system.stop("inventory")).code, 0);
    await expireReservation(sql, orderUuid);
    await system.start("inventory", { RESERVATION_SWEEP_INTERVAL: "1h" });
    await eventually(async () => {
      assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 10, held: 0, sold: 0 }]);
    });
    assert.equal((await system.stop("inventory")).code, 0);
    await system.start("inventory");
  });

  await t.step(
    "unless it is being sold at that moment, which does not delay other reservations",
    async () => {
      const parts = await addParts(sql, 10, 10);
      const [bolt = "", nut = ""] = parts;
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      await eventually(() => stock.reserve(first, { [bolt]: 4 }, 1));
      await withTransaction(inventory, async (tx) => {
        await tx`select from reservations where order_uuid = ${first} for update`;
        await stock.reserve(second, { [nut]: 4 }, 1);
        await eventually(async () => {
          assert.deepEqual(await pieceCounts(sql, parts), [
            { stock: 6, held: 4, sold: 0 },
            { stock: 10, held: 0, sold: 0 },
          ]);
        });
        await tx`update reservations set expires_at = null where order_uuid = ${first}`;
      });
      assert.deepEqual((await pieceCounts(sql, parts))[0], { stock: 6, held: 0, sold: 4 });
    },
  );

  await t.step(
    "once Postgres is back after an outage, during which the service logs warnings and keeps running",
    async () => {
      const [bolt = ""] = await addParts(sql, 10);
      const orderUuid = crypto.randomUUID();
      await stock.reserve(orderUuid, { [bolt]: 4 }, 2);
      await system.backing.postgres.kill();
      try {
        const [line = ""] = await system.process("inventory").waitForLine(
          /^.*"msg":"background work failed".*$/,
        );
        const { level, work, err } = JSON.parse(line);
        assert.deepEqual([level, work, err.message], [
          "warn",
          "end expired reservations",
          "postgres is unavailable",
        ]);
      } finally {
        await system.backing.postgres.start();
      }
      await eventually(async () => {
        assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 10, held: 0, sold: 0 }]);
      });
    },
  );

  await t.step("a sweep that is stuck does not keep the service from stopping", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await eventually(() => stock.reserve(orderUuid, { [bolt]: 4 }));
    await withTransaction(inventory, async (tx) => {
      await tx`select from parts where uuid = ${bolt} for update`;
      await expireReservation(sql, orderUuid);
      await eventually(() => assertOneWaitsForLock(sql));
      assert.equal((await system.stop("inventory")).code, 0);
    });
    assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 6, held: 4, sold: 0 }]);
    await system.start("inventory");
    await eventually(async () => {
      assert.deepEqual(await pieceCounts(sql, [bolt]), [{ stock: 10, held: 0, sold: 0 }]);
    });
  });
});
