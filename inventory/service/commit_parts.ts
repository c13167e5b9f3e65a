import type { Logger } from "@rocket/platform/log";
import { ReservationNotFound } from "../model/failures.ts";
import type { ReservationRepository } from "../repository/reservations.ts";

/**
 * Marks the reserved pieces of an order as sold, so that they never return to stock. Safe to repeat.
 *
 * @throws {ReservationNotFound} if the order has no reservation, or it has expired.
 */
export type CommitParts = (orderUuid: string) => Promise<void>;

/** Creates the commit-parts use case. */
export function createCommitParts(reservations: ReservationRepository, log: Logger): CommitParts {
  return async (orderUuid) => {
    const size = await reservations.commit(orderUuid);
    if (size === undefined) throw new ReservationNotFound(orderUuid);
    log.info({ order_uuid: orderUuid, ...size }, "parts committed");
  };
}
