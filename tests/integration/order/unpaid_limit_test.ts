import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import {
  httpStatus,
  placeOrder,
  postCancellation,
  postOrder,
  postPayment,
} from "../../support/order_client.ts";

const MAX_ORDERS = 20;
const MAX_PIECES = 200;
const CONCURRENCY = 3 * MAX_ORDERS;

Deno.test("a user may have 20 unpaid orders, and 200 pieces in them", async (t) => {
  await using order = await startOrderAlone({ ORDER_WORK_INTERVAL: "100ms" });
  const { system, iam, inventory, sql } = order;
  const part = inventory.add({ stockQuantity: 10_000 });
  const ask = (sessionUuid: string, pieces = 1) =>
    postOrder(system, sessionUuid, { part_uuids: Array(pieces).fill(part.uuid) });
  const fill = async (sessionUuid: string) => {
    const placed: string[] = [];
    while (placed.length < MAX_ORDERS) {
      placed.push((await placeOrder(system, sessionUuid, [part.uuid])).order_uuid);
    }
    return placed;
  };
  const assertRefused = async (call: Promise<Response>) => {
    const answer = await call;
    const { code, reason } = orderApi.ErrorBody.parse(await answer.json());
    assert.deepEqual([code, answer.status, reason], [409, 409, "TOO_MANY_UNPAID_ORDERS"]);
  };

  await t.step("one more is 409, reserves nothing, and does not affect other users", async () => {
    const { sessionUuid } = iam.openSession();
    await fill(sessionUuid);
    const [orders, reserved] = [await countOrders(order), inventory.reserved.size];
    await assertRefused(ask(sessionUuid));
    assert.deepEqual([await countOrders(order), inventory.reserved.size], [orders, reserved]);
    await placeOrder(system, iam.openSession().sessionUuid, [part.uuid]);
  });

  await t.step("an order that is paid, cancelled or not paid in time makes room for another", async () => {
    const { sessionUuid } = iam.openSession();
    const [paid = "", cancelled = "", overdue = ""] = await fill(sessionUuid);
    const assertRoomForOne = async () => {
      await placeOrder(system, sessionUuid, [part.uuid]);
      await assertRefused(ask(sessionUuid));
    };
    assert.equal(await httpStatus(postPayment(system, sessionUuid, paid)), 200);
    await assertRoomForOne();
    assert.equal(await httpStatus(postCancellation(system, sessionUuid, cancelled)), 204);
    await assertRoomForOne();
    await sql`update orders set created_at = now() - interval '1 hour' where order_uuid = ${overdue}`;
    await eventually(assertRoomForOne);
  });

  await t.step("every piece counts", async () => {
    const { sessionUuid } = iam.openSession();
    for (const pieces of [100, 99]) assert.equal(await httpStatus(ask(sessionUuid, pieces)), 201);
    await assertRefused(ask(sessionUuid, 2));
    assert.equal(await httpStatus(ask(sessionUuid, 1)), 201);
    await assertRefused(ask(sessionUuid, 1));
  });

  await t.step(
    "an order waits for another order of the user that is being written, and counts it",
    async () => {
      const { sessionUuid, userUuid } = iam.openSession();
      const [last = ""] = (await fill(sessionUuid)).slice(-1);
      assert.equal(await httpStatus(postCancellation(system, sessionUuid, last)), 204);
      const reserved = inventory.reserved.size;
      const placing = await sql.begin(async (tx) => {
        await tx`select lock_unpaid_orders(${userUuid})`;
        await tx`insert into orders (order_uuid, user_uuid, part_uuids, total_price, status)
               values (${crypto.randomUUID()}, ${userUuid}, ${[part.uuid]}, 1, 'PENDING_PAYMENT')`;
        const placing = ask(sessionUuid);
        await eventually(async () => {
          const waiting = await tx`select from pg_locks where locktype = 'advisory' and not granted`;
          assert.equal(waiting.length, 1);
        });
        return { answer: placing };
      });
      await assertRefused(placing.answer);
      assert.equal(inventory.reserved.size, reserved, "its pieces are released");
    },
  );

  await t.step("concurrent orders through two replicas never exceed the limit", async () => {
    await using replica = system.launchReplica("order");
    const [, address] = await replica.waitForLine(/"address":"([^"]+)".*"msg":"ready"/, 30_000);
    const urls = [system.orderUrl, `http://${address}`];
    for (const [pieces, most] of [[1, MAX_ORDERS], [30, Math.floor(MAX_PIECES / 30)]] as const) {
      const { sessionUuid, userUuid } = iam.openSession();
      const reserved = inventory.reserved.size;
      const body = JSON.stringify({ part_uuids: Array(pieces).fill(part.uuid) });
      const headers = { "Content-Type": "application/json", "X-Session-Uuid": sessionUuid };
      const statuses = await Promise.all(Array.from({ length: CONCURRENCY }, (_, n) => {
        const url = `${urls[n % urls.length]}/api/v1/orders`;
        return httpStatus(fetch(url, { method: "POST", headers, body }));
      }));
      assert.deepEqual(statuses.toSorted(), [
        ...Array(most).fill(201),
        ...Array(CONCURRENCY - most).fill(409),
      ]);
      const [row] = await sql`select count(*)::int as orders from orders where user_uuid = ${userUuid}`;
      assert.equal(row?.["orders"], most);
      assert.equal(inventory.reserved.size, reserved + most, "refused orders leave no reservation");
    }
  });
});
