import { repeatFullBatches } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { AccountTokenRepository } from "../repository/account_tokens.ts";

/** How many tokens are deleted at a time. */
const BATCH = 1_000;

/** Creates the background work that deletes expired tokens; any number of replicas may do it at once. */
export function createForgetExpiredTokens(
  tokens: Pick<AccountTokenRepository, "forgetExpired">,
  log: Logger,
): (closing: AbortSignal) => Promise<void> {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await tokens.forgetExpired(limit);
      if (forgotten > 0) log.info({ tokens: forgotten }, "expired tokens forgotten");
      return forgotten;
    });
}
