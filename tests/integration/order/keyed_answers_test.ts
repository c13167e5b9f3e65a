import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { type OrderAlone, startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postOrder, postPayment, readOrder } from "../../support/order_client.ts";

Deno.test("every answer under a key is the same, however the outcome was reached", async (t) => {
  await using order = await startOrderAlone({ ORDER_RECOVERY_AFTER: "1s", ORDER_WORK_INTERVAL: "100ms" });
  const { system, iam, inventory, payment, sql } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();

  await t.step("a payment answered with 503 and then finished by recovery is answered as paid", async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
    const key = crypto.randomUUID();
    assert.equal(
      await payment.withPaymentRefused(() =>
        httpStatus(postPayment(system, sessionUuid, order_uuid, { key }))
      ),
      503,
    );
    await eventually(async () => {
      assert.equal((await readOrder(system, sessionUuid, order_uuid)).status, "PAID");
    });
    const answer = await postPayment(system, sessionUuid, order_uuid, { key });
    assert.equal(answer.status, 200);
    const { transaction_uuid } = orderApi.PayOrderResponse.parse(await answer.json());
    assert.equal((await readOrder(system, sessionUuid, order_uuid)).transaction_uuid, transaction_uuid);
  });

  await t.step("a repeat of a request in progress is 409 with Retry-After", async () => {
    const key = crypto.randomUUID();
    const place = () => postOrder(system, sessionUuid, { part_uuids: [part.uuid] }, key);
    const first = await inventory.withReserveDelayed(place, async () => {
      const repeated = await place();
      assert.equal(repeated.status, 409);
      assert.equal(repeated.headers.get("Retry-After"), "1");
      assert.match(await repeated.text(), /still under way/);
    });
    assert.equal(await httpStatus(Promise.resolve(first)), 201);
  });

  await t.step(
    "a request whose order is paid by another in the meantime is answered with that transaction",
    async () => {
      const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
      const key = crypto.randomUUID();
      const kept = { transaction_uuid: crypto.randomUUID() };
      const [answer] = await payDuringOtherPayment(order, order_uuid, key, kept);
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), kept);
    },
  );

  await t.step("only keys older than 24 hours are deleted", async () => {
    const [old, young] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const key of [old, young]) {
      await httpStatus(postOrder(system, sessionUuid, { part_uuids: [part.uuid] }, key));
    }
    await sql`update idempotency_keys set created_at = now() - interval '24 hours' where key = ${old}`;
    await eventually(async () => {
      const left = await sql`select key from idempotency_keys where key in ${sql([old, young])}`;
      assert.deepEqual(left.map(({ key }) => key), [young]);
    });
  });
});

/** Pays an order under a key while another transaction, which holds its lock, marks the order as paid. */
async function payDuringOtherPayment(
  { system, iam, sql }: OrderAlone,
  orderUuid: string,
  key: string,
  kept: orderApi.PayOrderResponse,
): Promise<readonly [Response]> {
  const [owner] = await sql<
    { user_uuid: string }[]
  >`select user_uuid from orders where order_uuid = ${orderUuid}`;
  const { sessionUuid } = iam.openSession(owner && { userUuid: owner.user_uuid });
  return await sql.begin(async (sql) => {
    await sql`select from orders where order_uuid = ${orderUuid} for update`;
    const paying = postPayment(system, sessionUuid, orderUuid, { key });
    await eventually(async () => {
      assert.equal((await sql`select from pg_locks where not granted`).length, 1);
    });
    await sql`
      update orders set status = 'PAID', transaction_uuid = ${kept.transaction_uuid}, payment_method = 'CARD',
        payment_started_at = now() where order_uuid = ${orderUuid}`;
    // In a list: otherwise the transaction would wait for the answer, and the answer for the transaction.
    return [paying] as const;
  }).then(async ([paying]) => [await paying] as const);
}
