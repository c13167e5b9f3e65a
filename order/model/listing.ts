import type { OrderStatus } from "./order.ts";

/** A place between two of a user's orders: after the one that it names. */
export interface Position {
  /** When that order was placed, in microseconds since the epoch. */
  readonly placedAtMicros: string;
  readonly orderUuid: string;
}

/** Which of a user's orders to list. */
export interface OrdersWanted {
  readonly limit: number;
  readonly status?: OrderStatus | undefined;
  /** Where the page before ended. */
  readonly after?: Position | undefined;
}
