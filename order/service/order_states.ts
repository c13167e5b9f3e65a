import { OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { Order, OrderStatus, PaymentMethod } from "../model/order.ts";

/** What can happen to an order. */
export type OrderAction = "pay" | "cancel" | "assemble";

/** The whole life of an order: from where, by what, to where. What is not here is refused. */
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
 * Refuses an action that can't happen to an order as it stands. Once a payment has begun, which may have been charged,
 * nothing can but paying by the same method.
 *
 * @param method How it is to be paid, where it is.
 * @throws {OrderNotPending} naming where the order stands.
 * @throws {PaymentUnderWay} naming the method of the payment that has begun.
 */
export function requireAction(order: Order, action: OrderAction, method?: PaymentMethod): void {
  if (statusAfter(order.status, action) === undefined) throw new OrderNotPending(order);
  const begunMethod = order.status === "PENDING_PAYMENT" ? order.begunMethod : undefined;
  if (begunMethod !== undefined && begunMethod !== method) {
    throw new PaymentUnderWay(order.orderUuid, begunMethod);
  }
}
