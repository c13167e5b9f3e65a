import { status } from "@grpc/grpc-js";
import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { startOrderAlone } from "../../support/order_alone.ts";
import {
  httpStatus,
  placeOrder,
  postCancellation,
  postPayment,
  readOrder,
} from "../../support/order_client.ts";
import { eventsOf } from "../../support/outbox.ts";

/** Longer than any test here takes. */
const NO_RECOVERY = { ORDER_RECOVERY_AFTER: "1h" };

Deno.test("an order is paid once, despite failures on the way", async (t) => {
  await using order = await startOrderAlone(NO_RECOVERY);
  const { system, iam, inventory, payment } = order;
  const { sessionUuid, userUuid } = iam.openSession();
  const part = inventory.add({ price: 12.5 });
  const place = async () => (await placeOrder(system, sessionUuid, [part.uuid, part.uuid])).order_uuid;
  const pay = (orderUuid: string) => postPayment(system, sessionUuid, orderUuid);

  await t.step("paying charges the user, sells the pieces and writes one event", async () => {
    const orderUuid = await place();
    const answer = await pay(orderUuid);
    assert.equal(answer.status, 200);
    const { transaction_uuid } = orderApi.PayOrderResponse.parse(await answer.json());

    const [charge, ...more] = payment.charges.filter((charge) => charge.orderUuid === orderUuid);
    assert.deepEqual(more, []);
    assert.deepEqual([charge?.userUuid, charge?.transactionUuid], [userUuid, transaction_uuid]);
    assert.ok(inventory.sold.has(orderUuid));

    const read = await readOrder(system, sessionUuid, orderUuid);
    assert.deepEqual([read.status, read.transaction_uuid, read.payment_method], [
      "PAID",
      transaction_uuid,
      "CARD",
    ]);
    assert.deepEqual((await eventsOf(order, orderUuid)).map(({ eventUuid: _, ...event }) => event), [
      { orderUuid, userUuid, paymentMethod: "CARD", transactionUuid: transaction_uuid },
    ]);
    const noted = await order.sql`select request_id from outbox where key = ${orderUuid}`;
    assert.deepEqual([...noted], [{ request_id: answer.headers.get("X-Request-Id") }]);
  });

  await t.step("a paid order can be neither paid again nor cancelled", async () => {
    const orderUuid = await place();
    assert.equal(await httpStatus(pay(orderUuid)), 200);
    for (const ask of [pay(orderUuid), postCancellation(system, sessionUuid, orderUuid)]) {
      const answer = await ask;
      assert.equal(answer.status, 409);
      assert.equal(orderApi.ErrorBody.parse(await answer.json()).message, `order ${orderUuid} is PAID`);
    }
  });

  await t.step("a cancelled order can't be paid, and its pieces are back in stock", async () => {
    const before = inventory.part(part.uuid).stockQuantity;
    const orderUuid = await place();
    assert.equal(inventory.part(part.uuid).stockQuantity, before - 2);
    const answer = await postCancellation(system, sessionUuid, orderUuid);
    assert.equal(answer.status, 204);
    assert.equal(await answer.text(), "");
    assert.equal(inventory.part(part.uuid).stockQuantity, before);
    assert.equal(await httpStatus(pay(orderUuid)), 409);
    assert.equal(payment.chargesOf(orderUuid), 0);
    assert.ok(!inventory.reserved.has(orderUuid));
  });

  await t.step("paying or cancelling another user's order is answered as if it did not exist", async () => {
    const orderUuid = await place();
    const stranger = iam.openSession();
    assert.equal(await httpStatus(postPayment(system, stranger.sessionUuid, orderUuid)), 404);
    assert.equal(await httpStatus(postCancellation(system, stranger.sessionUuid, orderUuid)), 404);
    assert.equal((await readOrder(system, sessionUuid, orderUuid)).status, "PENDING_PAYMENT");
  });

  await t.step("twenty concurrent payments make one transaction and one event", async () => {
    const orderUuid = await place();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(orderUuid)));
    const paid = answers.filter(({ status }) => status === 200);
    assert.ok(paid.length > 0);
    const bodies = await Promise.all(paid.map((answer) => answer.json()));
    assert.equal(new Set(bodies.map(({ transaction_uuid }) => transaction_uuid)).size, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      assert.equal(answer.status, 409);
      assert.match(await answer.text(), /is PAID/);
    }
    assert.equal((await eventsOf(order, orderUuid)).length, 1);
  });

  await t.step("if payment is down, paying is 503 and works later", async () => {
    const orderUuid = await place();
    await payment.withPaymentRefused(async () => {
      const answer = await pay(orderUuid);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get("Retry-After"), "1");
      await answer.body?.cancel();
    });
    const read = await readOrder(system, sessionUuid, orderUuid);
    assert.deepEqual([read.status, read.payment_method, read.transaction_uuid], [
      "PENDING_PAYMENT",
      null,
      null,
    ]);
    assert.equal(await httpStatus(pay(orderUuid)), 200);
  });

  await t.step(
    "if payment charges but does not answer, paying is 504 and paying again charges nothing more",
    async () => {
      const orderUuid = await place();
      assert.equal(await payment.withAnswer(() => {}, () => httpStatus(pay(orderUuid))), 504);
      assert.equal((await readOrder(system, sessionUuid, orderUuid)).status, "PENDING_PAYMENT");
      const answer = await pay(orderUuid);
      const { transaction_uuid } = orderApi.PayOrderResponse.parse(await answer.json());
      const charges = payment.charges.filter((charge) => charge.orderUuid === orderUuid);
      assert.deepEqual(charges.map((charge) => charge.transactionUuid), [transaction_uuid, transaction_uuid]);
    },
  );

  await t.step(
    "once a payment has started, the order can be neither cancelled nor paid by another method",
    async () => {
      const orderUuid = await place();
      await payment.withAnswer(
        (answer) => answer({ code: status.UNAVAILABLE }),
        () => httpStatus(pay(orderUuid)),
      );
      for (
        const ask of [
          postCancellation(system, sessionUuid, orderUuid),
          postPayment(system, sessionUuid, orderUuid, { payment_method: "SBP" }),
        ]
      ) {
        const answer = await ask;
        assert.equal(answer.status, 409);
        assert.match(await answer.text(), /a payment of order .* by CARD is under way/);
      }
      assert.equal(await httpStatus(pay(orderUuid)), 200);
    },
  );
});
