import type { Logger } from "@rocket/platform/log";
import { END_BATCH, type ReservationRepository } from "../repository/reservations.ts";

/** Which of the reservations whose time is over to end, and for how long to go on. */
export interface EndExpiredScope {
  /** Those that hold one of these parts, waiting for those who work on them; all others' too where it is not said. */
  readonly holding?: readonly string[];
  /** No more are begun once it is aborted. */
  readonly closing?: AbortSignal;
}

/** Ends reservations whose time is over, and puts their pieces back on the shelf. */
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
