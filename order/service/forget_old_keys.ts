import { repeatFullBatches } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { IdempotencyKeyRepository } from "../repository/idempotency_keys.ts";

/** Deletes idempotency keys whose answers need not be kept any longer. */
export type ForgetOldKeys = (closing: AbortSignal) => Promise<void>;

/** How many keys are deleted at a time. */
const BATCH = 1_000;

/** Creates the forget-old-keys use case. */
export function createForgetOldKeys(
  keys: Pick<IdempotencyKeyRepository, "forgetOld">,
  log: Logger,
): ForgetOldKeys {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await keys.forgetOld(limit);
      if (forgotten > 0) log.info({ keys: forgotten }, "old idempotency keys forgotten");
      return forgotten;
    });
}
