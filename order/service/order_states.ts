import { OrderInState, PaymentUnderWay } from "../model/failures.ts";
import type { Order, OrderStatus } from "../model/order.ts";

/** What can happen to an order. */
export type OrderAction = "pay" | "cancel" | "assemble";

/** The whole life of an order: from where, by what, to where. What is not here does not happen. */
const LIFE = {
  PENDING_PAYMENT: { pay: "PAID", cancel: "CANCELLED" },
  PAID: { assemble: "ASSEMBLED" },
  ASSEMBLED: {},
  CANCELLED: {},
} as const satisfies Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderAction, OrderStatus>>>>>;

/** Where an action leads, or `undefined` where it can't happen. */
export function statusAfter(status: OrderStatus, action: OrderAction): OrderStatus | undefined {
  const ways: Readonly<Partial<Record<OrderAction, OrderStatus>>> = LIFE[status];
  return ways[action];
}

/**
 * Refuses an action that can't happen to an order as it stands.
 *
 * @throws {OrderInState} naming where the order stands.
 * @throws {PaymentUnderWay} for anything but paying, once a payment has begun: it may have been charged.
 */
export function requireAction(order: Order, action: OrderAction): void {
  if (statusAfter(order.status, action) === undefined) throw new OrderInState(order);
  if (action !== "pay" && order.status === "PENDING_PAYMENT" && order.begunMethod !== undefined) {
    throw new PaymentUnderWay(order.orderUuid, order.begunMethod);
  }
}
