import assert from "node:assert/strict";
import { OrderNotFound } from "../model/failures.ts";
import { anOrder } from "../testing/an_order.ts";
import { createGetOrder } from "./get_order.ts";

const order = anOrder();

const getOrder = createGetOrder({
  findOfUser: (userUuid, orderUuid) =>
    Promise.resolve(userUuid === order.userUuid && orderUuid === order.orderUuid ? order : undefined),
});

Deno.test("a user can read their own order", async () => {
  assert.equal(await getOrder(order.userUuid, order.orderUuid), order);
});

Deno.test("another user's order is not found, with the same message as one that does not exist", async () => {
  const stranger = crypto.randomUUID();
  const unknown = crypto.randomUUID();
  await assert.rejects(getOrder(stranger, order.orderUuid), new OrderNotFound(order.orderUuid));
  await assert.rejects(getOrder(order.userUuid, unknown), new OrderNotFound(unknown));
});
