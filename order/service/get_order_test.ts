import assert from "node:assert/strict";
import { OrderNotFound } from "../model/failures.ts";
import { anOrder } from "../testing/an_order.ts";
import { createGetOrder } from "./get_order.ts";

const order = anOrder();

const getOrder = createGetOrder({
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
