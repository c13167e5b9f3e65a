import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";
import type { OrderFacts } from "../model/order.ts";
import type { ReservationRepository } from "../repository/reservations.ts";
import type { ReleasePieces } from "./release_pieces.ts";

/**
 * Extends the first reservation of an order that has been written, so that its pieces stay reserved until it can no
 * longer be paid. If a service or store does not answer, recovery tries again; the order can be paid meanwhile.
 */
export type ExtendReservation = (order: OrderFacts) => Promise<void>;

/** Dependencies of the extend-reservation use case. */
export interface ExtendReservationDependencies {
  readonly repository: Pick<ReservationRepository, "noteReserved">;
  readonly inventory: Pick<Inventory, "reserveParts">;
  readonly releasePieces: ReleasePieces;
  /** How long an order may be paid, in milliseconds. */
  readonly paymentWindowMs: number;
  readonly log: Logger;
}

/** How much longer than it may be paid an order's pieces stay reserved, in milliseconds, as clocks differ. */
export const RESERVATION_MARGIN_MS = 5 * 60_000;

/** Creates the extend-reservation use case. */
export function createExtendReservation(
  { repository, inventory, releasePieces, paymentWindowMs, log }: ExtendReservationDependencies,
): ExtendReservation {
  return async (order) => {
    const { orderUuid } = order;
    try {
      await inventory.reserveParts(order, paymentWindowMs + RESERVATION_MARGIN_MS);
      const status = await repository.noteReserved(orderUuid);
      // The cancellation may have released the pieces before they were reserved again here.
      if (status === "CANCELLED") await releasePieces(orderUuid);
    } catch (error) {
      // The order exists, so this is no reason to fail the request: a client would place it again.
      log.warn({ err: error, order_uuid: orderUuid }, "reservation not extended; will retry");
    }
  };
}
