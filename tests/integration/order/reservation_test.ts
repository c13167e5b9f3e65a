import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postOrder, readOrder } from "../../support/order_client.ts";

const FIRST_SECONDS = 60;
/** The default payment window plus the margin. */
const WINDOW_SECONDS = 35 * 60;

Deno.test("pieces are reserved for a minute, and for the payment window once the order is written", async (t) => {
  await using order = await startOrderAlone({ ORDER_RECOVERY_AFTER: "1s", ORDER_WORK_INTERVAL: "100ms" });
  const { system, iam, inventory, sql } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const ask = () => postOrder(system, sessionUuid, { part_uuids: [part.uuid] });

  /** On a busy machine, recovery may extend it as well. */
  const assertExtended = (orderUuid: string) => {
    const [first, ...others] = inventory.reservedSeconds.get(orderUuid) ?? [];
    assert.equal(first, FIRST_SECONDS);
    assert.deepEqual(new Set(others), new Set([WINDOW_SECONDS]));
  };

  await t.step("an order that is placed", async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
    assertExtended(order_uuid);
    const [row] = await sql`select reservation_due_at from orders where order_uuid = ${order_uuid}`;
    assert.equal(row?.["reservation_due_at"], null, "nothing is left for recovery");
  });

  await t.step("an order service that is killed in between: recovery extends the reservation", async () => {
    let killed = "";
    const placing = inventory.withReserveDelayed(ask, ({ orderUuid }) => {
      if (!inventory.reservedSeconds.has(orderUuid)) return Promise.resolve();
      killed = orderUuid;
      system.process("order").kill("SIGKILL");
      return Promise.reject(new Error("the caller was killed"));
    });
    await assert.rejects(placing);
    assert.deepEqual(inventory.reservedSeconds.get(killed), [FIRST_SECONDS]);
    await system.process("order").waitForExit();
    await system.start("order");
    await eventually(() => assertExtended(killed));
    assert.equal((await readOrder(system, sessionUuid, killed)).status, "PENDING_PAYMENT");
  });

  await t.step("an inventory that fails in between: the order is placed, and recovery extends", async () => {
    let failures = 0;
    const status = await inventory.withReserveDelayed(() => httpStatus(ask()), ({ orderUuid }) => {
      const isFirst = !inventory.reservedSeconds.has(orderUuid);
      return isFirst || failures++ > 0 ? Promise.resolve() : Promise.reject(new Error("failed once"));
    });
    assert.equal(status, 201);
    const [newest] = [...inventory.reservedSeconds.keys()].slice(-1);
    await eventually(() => assertExtended(newest ?? ""));
  });

  await t.step("an order that is cancelled in between leaves no reservation", async () => {
    let cancelled = "";
    const status = await inventory.withReserveDelayed(() => httpStatus(ask()), async ({ orderUuid }) => {
      if (!inventory.reservedSeconds.has(orderUuid)) return;
      cancelled = orderUuid;
      await sql`update orders set status = 'CANCELLED' where order_uuid = ${orderUuid}`;
    });
    assert.equal(status, 201);
    assert.equal(inventory.reserved.has(cancelled), false);
  });

  await t.step(
    "a database that goes down in between: the pieces are reserved for a minute only",
    async () => {
      const [orders, before] = [await countOrders(order), inventory.reservedSeconds.size];
      try {
        assert.equal(
          await httpStatus(inventory.withReserveDelayed(ask, () => system.backing.postgres.kill())),
          503,
        );
      } finally {
        await system.backing.postgres.start();
      }
      const [, ...others] = [...inventory.reservedSeconds.values()].slice(before - 1);
      assert.deepEqual(others, [[FIRST_SECONDS]]);
      await eventually(async () => assert.equal(await countOrders(order), orders));
    },
  );

  await t.step("a database that is down: nothing is reserved, even if the user retries", async () => {
    const before = inventory.reservedSeconds.size;
    await system.backing.postgres.kill();
    try {
      for (let attempt = 0; attempt < 5; attempt++) assert.equal(await httpStatus(ask()), 503);
    } finally {
      await system.backing.postgres.start();
    }
    assert.equal(inventory.reservedSeconds.size, before);
  });
});
