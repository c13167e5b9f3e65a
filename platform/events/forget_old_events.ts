import { repeatFullBatches } from "../core/batches.ts";
import type { Logger } from "../log/logger.ts";
import type { Outbox } from "./outbox.ts";

/** How many events are deleted at a time. */
const BATCH = 1_000;

/**
 * Creates the background work that deletes events that were sent long ago, in batches; any number of replicas may do it at once.
 *
 * @param keptMs How long an event is kept, in milliseconds.
 */
export function createForgetOldEvents(
  outbox: Pick<Outbox, "forgetOld">,
  keptMs: number,
  log: Logger,
): (closing: AbortSignal) => Promise<void> {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await outbox.forgetOld(keptMs, limit);
      if (forgotten > 0) log.info({ events: forgotten }, "old events forgotten");
      return forgotten;
    });
}
