import assert from "node:assert/strict";
import { OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import { aBegunOrder, anOrder, aPaidOrder } from "../testing/an_order.ts";
import { type OrderAction, requireAction, statusAfter } from "./order_states.ts";

const TABLE = [
  ["PENDING_PAYMENT", "pay", "PAID"],
  ["PENDING_PAYMENT", "cancel", "CANCELLED"],
  ["PENDING_PAYMENT", "assemble", undefined],
  ["PAID", "pay", undefined],
  ["PAID", "cancel", undefined],
  ["PAID", "assemble", "ASSEMBLED"],
  ["ASSEMBLED", "pay", undefined],
  ["ASSEMBLED", "cancel", undefined],
  ["ASSEMBLED", "assemble", undefined],
  ["CANCELLED", "pay", undefined],
  ["CANCELLED", "cancel", undefined],
  ["CANCELLED", "assemble", undefined],
] as const;

for (const [status, action, after] of TABLE) {
  Deno.test(`${action} on an order that is ${status} ${after ? `makes it ${after}` : "is refused"}`, () => {
    assert.equal(statusAfter(status, action), after);
  });
}

Deno.test("an action that is not allowed is refused with the order's status", () => {
  const { payment } = { payment: { transactionUuid: crypto.randomUUID(), method: "SBP" } } as const;
  const orders = [
    anOrder({ status: "CANCELLED" }),
    anOrder({ status: "PAID", payment }),
    anOrder({ status: "ASSEMBLED", payment }),
  ];
  for (const order of orders) {
    assert.throws(() => requireAction(order, "pay"), new OrderNotPending(order));
    assert.match(new OrderNotPending(order).message, new RegExp(`is ${order.status}$`));
  }
});

Deno.test("once a payment has started, the order can only be paid, and only by the same method", () => {
  const order = aBegunOrder("SBP");
  requireAction(order, "pay", "SBP");
  const underWay = new PaymentUnderWay(order.orderUuid, "SBP");
  assert.throws(() => requireAction(order, "pay", "CARD"), underWay);
  assert.throws(() => requireAction(order, "cancel"), underWay);
});

Deno.test("an order that is not being paid may be paid and cancelled, and a paid one assembled", () => {
  for (const action of ["pay", "cancel"] satisfies OrderAction[]) requireAction(anOrder(), action);
  requireAction(aPaidOrder(), "assemble");
});
