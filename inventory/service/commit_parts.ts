import type { Logger } from "@rocket/platform/log";
import { ReservationNotFound } from "../model/failures.ts";
import type { ReservationRepository } from "../repository/reservations.ts";

/**
 * Marks the pieces kept for an order as sold: they stay away for good. Again it changes nothing.
 *
 * @throws {ReservationNotFound} when nothing is kept for the order, or no more.
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
