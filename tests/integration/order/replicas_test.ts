import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postPayment, readOrder } from "../../support/order_client.ts";

const ORDERS = 20;

Deno.test("two replicas finish started payments, each of them once", async () => {
  await using order = await startOrderAlone({ ORDER_RECOVERY_AFTER: "1s", ORDER_WORK_INTERVAL: "50ms" });
  const { system, iam, inventory, payment, sql } = order;
  await using replica = system.launchReplica("order");
  await replica.waitForLine(/"msg":"ready"/);
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();

  const orders = await payment.withAnswer(
    (answer) => answer({ code: status.UNAVAILABLE }),
    () =>
      Promise.all(Array.from({ length: ORDERS }, async () => {
        const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
        assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 503);
        return order_uuid;
      })),
  );

  await eventually(async () => {
    for (const orderUuid of orders) {
      assert.equal((await readOrder(system, sessionUuid, orderUuid)).status, "PAID");
    }
  });
  const events = await sql<{ order_uuid: string }[]>`select key as order_uuid from outbox`;
  assert.deepEqual(events.map(({ order_uuid }) => order_uuid).toSorted(), orders.toSorted());
  assert.equal(new Set(payment.charges.map(({ transactionUuid }) => transactionUuid)).size, ORDERS);
});

Deno.test("the order service stops in time even if no dependency answers", async () => {
  await using order = await startOrderAlone({ ORDER_WORK_INTERVAL: "50ms", SHUTDOWN_TIMEOUT: "2s" });
  const { system, iam, inventory, sql } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  await inventory.withReleaseUnanswered(async () => {
    await Promise.all(Array.from({ length: ORDERS }, () => placeOrder(system, sessionUuid, [part.uuid])));
    await sql`update orders set created_at = now() - interval '1 hour'`;
    await system.process("order").waitForLine(/not paid in time/);
    assert.equal((await system.stop("order")).code, 0);
  });
});
