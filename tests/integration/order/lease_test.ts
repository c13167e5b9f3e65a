import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import { placeOrder, postOrder, postPayment, readOrder } from "../../support/order_client.ts";

Deno.test("a claim whose owner was killed is released when its lease ends", async (t) => {
  await using order = await startOrderAlone({
    ORDER_IDEMPOTENCY_LEASE: "1s",
    ORDER_RECOVERY_AFTER: "1s",
    ORDER_WORK_INTERVAL: "100ms",
  });
  const { system, iam, inventory, payment } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const restart = async () => {
    await system.process("order").waitForExit();
    await system.start("order");
  };

  await t.step("an order that was not placed is placed by the next attempt", async () => {
    const key = crypto.randomUUID();
    const body = { part_uuids: [part.uuid] };
    const before = await countOrders(order);
    const placing = inventory.withAnswer(
      () => system.process("order").kill("SIGKILL"),
      () => postOrder(system, sessionUuid, body, key),
    );
    await assert.rejects(placing);
    await restart();
    await eventually(async () => {
      const answer = await postOrder(system, sessionUuid, body, key);
      await answer.body?.cancel();
      assert.equal(answer.status, 201);
    });
    assert.equal(await countOrders(order), before + 1);
  });

  await t.step(
    "a payment that recovery finished in the meantime is answered as a success, not as already paid",
    async () => {
      const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
      const key = crypto.randomUUID();
      const pay = () => postPayment(system, sessionUuid, order_uuid, { key });
      await assert.rejects(payment.withAnswer(() => system.process("order").kill("SIGKILL"), pay));
      await restart();
      await eventually(async () => {
        assert.equal((await readOrder(system, sessionUuid, order_uuid)).status, "PAID");
      });
      const answer = await pay();
      assert.equal(answer.status, 200);
      const { transaction_uuid } = orderApi.PayOrderResponse.parse(await answer.json());
      assert.equal((await readOrder(system, sessionUuid, order_uuid)).transaction_uuid, transaction_uuid);
    },
  );
});
