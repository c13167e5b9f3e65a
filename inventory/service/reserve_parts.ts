import type { Logger } from "@rocket/platform/log";
import { InsufficientStock, PartsNotFound, ReservationDiffers } from "../model/failures.ts";
import { type ReservationRequest, sizeOf } from "../model/reservation.ts";
import type { ReservationRepository } from "../repository/reservations.ts";
import type { EndExpired } from "./end_expired.ts";

/**
 * Keeps pieces for an order, all or none. Where the same are kept already it moves their end, never to sooner; where
 * they are sold it changes nothing.
 *
 * @returns When the reservation ends by itself; `undefined` once the pieces are sold.
 * @throws {PartsNotFound} when a part does not exist.
 * @throws {InsufficientStock} when a part has too few pieces left, those of reservations that are over counted.
 * @throws {ReservationDiffers} when other pieces are kept for the order or sold to it.
 */
export type ReserveParts = (request: ReservationRequest) => Promise<Date | undefined>;

/** Dependencies of the reserve-parts use case. */
export interface ReservePartsDependencies {
  readonly reservations: ReservationRepository;
  readonly endExpired: EndExpired;
  readonly log: Logger;
}

/** Creates the reserve-parts use case. */
export function createReserveParts(
  { reservations, endExpired, log }: ReservePartsDependencies,
): ReserveParts {
  return async (request) => {
    const { orderUuid, items } = request;
    const size = sizeOf(items.map(({ quantity }) => quantity));
    const partUuids = items.map(({ partUuid }) => partUuid);
    // Goes round again only where pieces came back, at the latest until the request's time is over.
    while (true) {
      const outcome = await reservations.reserve(request);
      switch (outcome.type) {
        case "reserved":
        case "renewed":
          log.info({ order_uuid: orderUuid, ...size, expires_at: outcome.expiresAt }, EVENTS[outcome.type]);
          return outcome.expiresAt;
        case "sold":
          return undefined;
        case "other items":
          throw new ReservationDiffers(orderUuid);
        case "unknown parts":
          throw new PartsNotFound(outcome.partUuids);
        case "too little stock": {
          await endExpired({ holding: partUuids });
          const shortages = await reservations.findShortages(items);
          if (shortages.length > 0) throw new InsufficientStock(shortages);
        }
      }
    }
  };
}

const EVENTS = { reserved: "parts reserved", renewed: "reservation renewed" } as const;
