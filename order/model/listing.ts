import type { OrderStatus } from "./order.ts";

/** A position in a user's list of orders: directly after the order it names. */
export interface Position {
  /** When that order was placed, in microseconds since the epoch. */
  readonly placedAtMicros: string;
  readonly orderUuid: string;
}

/** Which of a user's orders to list. */
export interface OrdersWanted {
  readonly limit: number;
  readonly status?: OrderStatus | undefined;
  /** Where the previous page ended. */
  readonly after?: Position | undefined;
}
