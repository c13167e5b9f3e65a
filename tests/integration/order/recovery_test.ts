import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postPayment, readOrder } from "../../support/order_client.ts";
import { eventsOf } from "../../support/outbox.ts";

const RECOVERY = { ORDER_RECOVERY_AFTER: "1s", ORDER_WORK_INTERVAL: "200ms" };

Deno.test("recovery finishes a payment that was started, without a session", async (t) => {
  await using order = await startOrderAlone(RECOVERY);
  const { system, iam, inventory, payment } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const place = async () => (await placeOrder(system, sessionUuid, [part.uuid])).order_uuid;
  const isPaid = async (orderUuid: string) => {
    assert.equal((await readOrder(system, sessionUuid, orderUuid)).status, "PAID");
  };

  await t.step("after payment was down for a while", async () => {
    const orderUuid = await place();
    assert.equal(
      await payment.withPaymentRefused(() => httpStatus(postPayment(system, sessionUuid, orderUuid))),
      503,
    );
    await eventually(() => isPaid(orderUuid));
    assert.equal(payment.chargesOf(orderUuid), 1);
    assert.ok(inventory.sold.has(orderUuid));
    assert.equal((await eventsOf(order, orderUuid)).length, 1);
  });

  await t.step("after the charge succeeded but its answer was lost", async () => {
    const orderUuid = await place();
    const lost = await payment.withAnswer(
      (answer) => answer({ code: status.UNAVAILABLE }),
      () => httpStatus(postPayment(system, sessionUuid, orderUuid)),
    );
    assert.equal(lost, 503);
    await eventually(() => isPaid(orderUuid));
    const transactions = payment.charges.filter((charge) => charge.orderUuid === orderUuid);
    assert.equal(new Set(transactions.map(({ transactionUuid }) => transactionUuid)).size, 1);
    assert.equal((await eventsOf(order, orderUuid)).length, 1);
  });

  await t.step("after the order service was killed", async () => {
    const orderUuid = await place();
    const paying = payment.withAnswer(
      () => system.process("order").kill("SIGKILL"),
      () => postPayment(system, sessionUuid, orderUuid),
    );
    await assert.rejects(paying);
    assert.equal(payment.chargesOf(orderUuid), 1);
    await system.start("order");
    await eventually(() => isPaid(orderUuid));
    assert.equal((await eventsOf(order, orderUuid)).length, 1);
  });
});
