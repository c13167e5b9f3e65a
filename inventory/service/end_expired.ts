import type { Logger } from "@rocket/platform/log";
import { END_BATCH, type ReservationRepository } from "../repository/reservations.ts";

/** Which expired reservations to end, and how long to continue. */
export interface EndExpiredScope {
  /** Ends only reservations that contain one of these parts, and waits for locked ones; default all, except locked ones. */
  readonly holding?: readonly string[];
  /** Once aborted, no further batch is started. */
  readonly closing?: AbortSignal;
}

/** Ends expired reservations and returns their pieces to stock. */
export type EndExpired = (scope: EndExpiredScope) => Promise<void>;

/** Creates the use case that ends expired reservations. */
export function createEndExpired(reservations: ReservationRepository, log: Logger): EndExpired {
  return async ({ holding, closing }) => {
    while (!closing?.aborted) {
      const ended = await (holding ? reservations.endExpiredOf(holding) : reservations.endExpired());
      for (const { orderUuid, size } of ended) {
        log.info({ order_uuid: orderUuid, ...size }, "reservation expired");
      }
      if (ended.length < END_BATCH) return;
    }
  };
}
