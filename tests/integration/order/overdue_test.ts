import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { startOrderAlone } from "../../support/order_alone.ts";
import { httpStatus, placeOrder, postPayment, readOrder } from "../../support/order_client.ts";

Deno.test("an order that is not paid in time is cancelled by one of several replicas", async () => {
  await using order = await startOrderAlone();
  const { system, iam, inventory, payment } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add({ stockQuantity: 60 });

  const placed = await Promise.all(
    Array.from({ length: 20 }, () => placeOrder(system, sessionUuid, [part.uuid])),
  );
  const [started, ...others] = placed.map(({ order_uuid }) => order_uuid);
  assert.ok(started);
  await payment.withPaymentRefused(async () => {
    assert.equal(await httpStatus(postPayment(system, sessionUuid, started)), 503);
    // Orders become overdue quickly only from here on, so that this payment has started in time.
    await system.stop("order");
    const soon = { ORDER_PAYMENT_WINDOW: "1s", ORDER_WORK_INTERVAL: "100ms" };
    await using replica = system.launchReplica("order", soon);
    await replica.waitForLine(/"msg":"ready"/);
    await system.start("order", soon);
    await eventually(async () => {
      for (const uuid of others) {
        assert.equal((await readOrder(system, sessionUuid, uuid)).status, "CANCELLED");
      }
      assert.equal(inventory.part(part.uuid).stockQuantity, 59);
    });
    // Its payment has started, so it is not cancelled, however long the payment takes.
    assert.equal((await readOrder(system, sessionUuid, started)).status, "PENDING_PAYMENT");

    // Once both have exited, no more lines can arrive.
    await system.stop("order");
    replica.kill("SIGTERM");
    await replica.waitForExit();
    const cancelled = [...system.process("order").output, ...replica.output]
      .filter((line) => line.includes("not paid in time"));
    assert.equal(cancelled.length, others.length, "each once");
  });
});
