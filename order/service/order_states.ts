import { OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { Order, OrderStatus, PaymentMethod } from "../model/order.ts";

/** An action on an order. */
export type OrderAction = "pay" | "cancel" | "assemble";

/** The life of an order: which action leads from which status to which. Everything else is refused. */
const LIFE = {
  PENDING_PAYMENT: { pay: "PAID", cancel: "CANCELLED" },
  PAID: { assemble: "ASSEMBLED" },
  ASSEMBLED: {},
  CANCELLED: {},
} as const satisfies Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderAction, OrderStatus>>>>>;

// Object.keys is typed for objects that may have more keys than their type says; this one has none.
const STATUSES = Object.keys(LIFE) as readonly OrderStatus[];

/** The status after an action, or `undefined` if the status does not allow it. */
export function statusAfter(status: OrderStatus, action: OrderAction): OrderStatus | undefined {
  const ways: Readonly<Partial<Record<OrderAction, OrderStatus>>> = LIFE[status];
  return ways[action];
}

/** Whether nothing can happen to an order any more. */
export function isFinal(status: OrderStatus): boolean {
  return Object.keys(LIFE[status]).length === 0;
}

/** Every status that an order has had, from the first to the given one. */
export function statusesUntil(status: OrderStatus): readonly OrderStatus[] {
  const [before] = STATUSES.filter((one) => Object.values(LIFE[one]).some((after) => after === status));
  return before === undefined ? [status] : [...statusesUntil(before), status];
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
