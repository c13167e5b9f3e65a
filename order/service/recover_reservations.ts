import { inBatches } from "@rocket/platform/core";
import type { ReservationRepository } from "../repository/reservations.ts";
import type { ExtendReservation } from "./extend_reservation.ts";

/**
 * Extends the reservations of orders whose request ended before it did so.
 *
 * @param closing Once aborted, no further order is taken up; another replica will.
 */
export type RecoverReservations = (closing: AbortSignal) => Promise<void>;

/** Dependencies of the recover-reservations use case. */
export interface RecoverReservationsDependencies {
  readonly repository: Pick<ReservationRepository, "takeUnreserved">;
  readonly extendReservation: ExtendReservation;
  /** How long until an order whose reservation can't be extended may be taken up again, in milliseconds. */
  readonly extendAfterMs: number;
}

/** How many orders are taken at a time. */
const BATCH = 50;

/** Creates the recover-reservations use case. */
export function createRecoverReservations(
  { repository, extendReservation, extendAfterMs }: RecoverReservationsDependencies,
): RecoverReservations {
  const take = (size: number) => repository.takeUnreserved(size, extendAfterMs);
  return (closing) => inBatches(BATCH, take, extendReservation, closing);
}
