import assert from "node:assert/strict";
import { OrderNotFound, OrderNotPaid } from "../model/failures.ts";
import type { OrderStatus } from "../model/order.ts";
import { anOrder, silentLog } from "../testing/an_order.ts";
import { createAssembleOrder } from "./assemble_order.ts";

const { orderUuid } = anOrder();

/** The use case over one order of a status, or none. */
function setUp(status: OrderStatus | undefined) {
  let now = status;
  const assembleOrder = createAssembleOrder({
    assemble() {
      if (now !== "PAID") return Promise.resolve(false);
      now = "ASSEMBLED";
      return Promise.resolve(true);
    },
    statusOf: () => Promise.resolve(now),
  }, silentLog);
  return { assembleOrder, status: () => now };
}

Deno.test("a paid order is assembled once, however often that is reported", async () => {
  const { assembleOrder, status } = setUp("PAID");
  await assembleOrder(orderUuid);
  await assembleOrder(orderUuid);
  assert.equal(status(), "ASSEMBLED");
});

for (
  const [status, failure] of [
    ["PENDING_PAYMENT", OrderNotPaid],
    ["CANCELLED", OrderNotPaid],
    [undefined, OrderNotFound],
  ] as const
) {
  Deno.test(`an order that ${status ? `is ${status}` : "does not exist"} is not assembled`, async () => {
    const { assembleOrder, status: now } = setUp(status);
    await assert.rejects(assembleOrder(orderUuid), failure);
    assert.equal(now(), status);
  });
}
