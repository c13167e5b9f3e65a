import { type Cents } from "@rocket/platform/core";
import type { orderApi } from "@rocket/proto/order";

/** How an order is paid. */
export type PaymentMethod = orderApi.PaymentMethod;

/** The status of an order. */
export type OrderStatus = orderApi.OrderStatus;

/** How an order was paid. */
export interface Payment {
  readonly transactionUuid: string;
  readonly method: PaymentMethod;
}

/** What one user ordered. All identifiers are UUIDs in canonical, lower-case form. */
export interface OrderFacts {
  readonly orderUuid: string;
  readonly userUuid: string;
  /** One element per piece, in the order of the request: a part listed twice is two pieces. */
  readonly partUuids: readonly string[];
  readonly totalPrice: Cents;
}

/** The status of an order, with the facts that belong to it. */
export type OrderState =
  | {
    readonly status: "PENDING_PAYMENT";
    /** Set once a payment has begun. It may have been charged, so nothing else may happen to the order. */
    readonly begunMethod?: PaymentMethod;
  }
  | { readonly status: "PAID" | "ASSEMBLED"; readonly payment: Payment }
  | { readonly status: "CANCELLED" };

/** An order. */
export type Order = OrderFacts & OrderState;

/** An order whose payment has begun and is not finished. */
export type BegunOrder = OrderFacts & {
  readonly status: "PENDING_PAYMENT";
  readonly begunMethod: PaymentMethod;
};

/** Counts the pieces of each part, in the order of their first occurrence. */
export function countPieces(partUuids: readonly string[]): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>();
  for (const uuid of partUuids) pieces.set(uuid, (pieces.get(uuid) ?? 0) + 1);
  return pieces;
}
