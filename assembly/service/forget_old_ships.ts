import { repeatFullBatches } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { ShipRepository } from "../repository/ships.ts";

/** How long ships that were assembled are kept, so that an event that comes again is recognised, in milliseconds. */
const KEPT_MS = 30 * 86_400_000;

/** How many are deleted at a time. */
const BATCH = 1_000;

/** Creates the background work that deletes old ships. */
export function createForgetOldShips(
  ships: Pick<ShipRepository, "forgetOld">,
  log: Logger,
): (closing: AbortSignal) => Promise<void> {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await ships.forgetOld(KEPT_MS, limit);
      if (forgotten > 0) log.info({ ships: forgotten }, "old ships forgotten");
      return forgotten;
    });
}
