import type { orderApi } from "@rocket/proto";
import type { Cents } from "./cents.ts";

/** How an order was paid. */
export interface Payment {
  readonly transactionUuid: string;
  readonly method: orderApi.PaymentMethod;
}

/** What one user ordered. All identifiers are UUIDs in canonical, lower-case form. */
export interface Order {
  readonly orderUuid: string;
  readonly userUuid: string;
  /** One element per piece, as they were ordered: a part listed twice is two pieces. */
  readonly partUuids: readonly string[];
  readonly totalPrice: Cents;
  readonly status: orderApi.OrderStatus;
  /** There once the order is paid. */
  readonly payment: Payment | undefined;
}
