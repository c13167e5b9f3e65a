import type { Logger } from "@rocket/platform/log";
import { InsufficientStock, PartsNotFound, ReservationDiffers } from "../model/failures.ts";
import { type ReservationRequest, sizeOf } from "../model/reservation.ts";
import type { ReservationRepository } from "../repository/reservations.ts";
import type { EndExpired } from "./end_expired.ts";

/**
 * Reserves pieces for an order, all or none. If the same pieces are reserved already, extends the reservation, and never
 * shortens it; if they have been sold, does nothing.
 *
 * @returns When the reservation expires; `undefined` if the pieces have been sold.
 * @throws {PartsNotFound} if a part does not exist.
 * @throws {InsufficientStock} if a part has too few pieces left, counting those of expired reservations.
 * @throws {ReservationDiffers} if other pieces are reserved for the order or were sold to it.
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
    // Tries again only if pieces returned to stock in the meantime, and no longer than until the request's deadline.
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
        case "insufficient stock": {
          await endExpired({ holding: partUuids });
          const shortages = await reservations.findShortages(items);
          if (shortages.length > 0) throw new InsufficientStock(shortages);
        }
      }
    }
  };
}

const EVENTS = { reserved: "parts reserved", renewed: "reservation renewed" } as const;
