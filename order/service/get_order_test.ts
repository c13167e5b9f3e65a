import assert from "node:assert/strict";
import { centsOfPrice } from "../model/cents.ts";
import { OrderNotFound } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import { createGetOrder } from "./get_order.ts";

const order: Order = {
  orderUuid: crypto.randomUUID(),
  userUuid: crypto.randomUUID(),
  partUuids: [crypto.randomUUID()],
  totalPrice: centsOfPrice(1.5),
  status: "PENDING_PAYMENT",
  payment: undefined,
};

const getOrder = createGetOrder({
  add: () => Promise.resolve(),
  findOfUser: (userUuid, orderUuid) =>
    Promise.resolve(userUuid === order.userUuid && orderUuid === order.orderUuid ? order : undefined),
});

Deno.test("an order is read by its user", async () => {
  assert.equal(await getOrder(order.userUuid, order.orderUuid), order);
});

Deno.test("another's order is not found, in the words for one that does not exist", async () => {
  const stranger = crypto.randomUUID();
  const unknown = crypto.randomUUID();
  await assert.rejects(getOrder(stranger, order.orderUuid), new OrderNotFound(order.orderUuid));
  await assert.rejects(getOrder(order.userUuid, unknown), new OrderNotFound(unknown));
});
