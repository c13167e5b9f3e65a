import type { Logger } from "@rocket/platform/log";
import { ReservationCommitted } from "../model/failures.ts";
import type { ReservationRepository } from "../repository/reservations.ts";

/**
 * Returns the reserved pieces of an order to stock. Does nothing if the order has no reservation.
 *
 * @throws {ReservationCommitted} if they have been sold.
 */
export type ReleaseParts = (orderUuid: string) => Promise<void>;

/** Creates the release-parts use case. */
export function createReleaseParts(reservations: ReservationRepository, log: Logger): ReleaseParts {
  return async (orderUuid) => {
    const outcome = await reservations.release(orderUuid);
    if (outcome.type === "sold") throw new ReservationCommitted(orderUuid);
    if (outcome.type === "released") log.info({ order_uuid: orderUuid, ...outcome.size }, "parts released");
  };
}
