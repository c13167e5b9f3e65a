import { inBatches } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { OrderRepository } from "../repository/orders.ts";
import type { ReleasePieces } from "./release_pieces.ts";

/**
 * Cancels orders whose payment has not begun in time, and releases their pieces.
 *
 * @param closing Once aborted, no more orders are taken and no more pieces released: their reservations expire.
 */
export type CancelOverdue = (closing: AbortSignal) => Promise<void>;

/** Dependencies of the cancel-overdue-orders use case. */
export interface CancelOverdueDependencies {
  readonly orders: Pick<OrderRepository, "cancelOverdue">;
  readonly releasePieces: ReleasePieces;
  /** How long an order may be paid, in milliseconds. */
  readonly paymentWindowMs: number;
  readonly log: Logger;
}

/** How many orders are cancelled at a time. */
const BATCH = 100;

/** Creates the cancel-overdue-orders use case. */
export function createCancelOverdue(
  { orders, releasePieces, paymentWindowMs, log }: CancelOverdueDependencies,
): CancelOverdue {
  const take = (size: number) => orders.cancelOverdue(paymentWindowMs, size);
  const release = (orderUuid: string) => {
    log.info({ order_uuid: orderUuid }, "order cancelled: not paid in time");
    return releasePieces(orderUuid);
  };
  return (closing) => inBatches(BATCH, take, release, closing);
}
