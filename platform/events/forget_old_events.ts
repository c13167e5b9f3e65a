import { repeatFullBatches } from "../core/batches.ts";
import type { Logger } from "../log/logger.ts";
import type { Outbox } from "./outbox.ts";

/** How long events are kept that were sent, to look at what happened, in milliseconds. */
const KEPT_MS = 7 * 86_400_000;

/** How many events are deleted at a time. */
const BATCH = 1_000;

/**
 * Creates the background work that deletes events that were sent long ago, in batches; any number of replicas may do it at once.
 *
 * @param isRelayed Whether a relay sends the events: those that wait for it are kept.
 */
export function createForgetOldEvents(
  outbox: Pick<Outbox, "forgetOld">,
  isRelayed: boolean,
  log: Logger,
): (closing: AbortSignal) => Promise<void> {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await outbox.forgetOld(KEPT_MS, limit, !isRelayed);
      if (forgotten > 0) log.info({ events: forgotten }, "old events forgotten");
      return forgotten;
    });
}
