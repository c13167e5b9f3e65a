import { InvalidConfig } from "../config/read_variable.ts";
import type { Secret } from "../config/secret.ts";
import type { Logger } from "../log/logger.ts";

/** How often the files of secrets are read again, in milliseconds. */
export const REFRESH_SECRETS_EVERY_MS = 1_000;

/**
 * Creates the work that reads the files of secrets again. A new secret is logged by the name of its variable; so is a
 * file that can't be used, once for each complaint, while the service goes on with the secret that it has.
 */
export function createRefreshSecrets(secrets: readonly Secret<unknown>[], log: Logger): () => Promise<void> {
  const complaints = new Map<Secret<unknown>, string>();
  const refresh = async (secret: Secret<unknown>) => {
    const { variable } = secret;
    try {
      if (await secret.refresh()) log.info({ variable }, "secret replaced");
      complaints.delete(secret);
    } catch (err) {
      if (!(err instanceof InvalidConfig)) throw err;
      if (complaints.get(secret) === err.message) return;
      complaints.set(secret, err.message);
      log.warn({ err, variable }, "secret not replaced");
    }
  };
  return async () => {
    for (const secret of secrets) await refresh(secret);
  };
}
