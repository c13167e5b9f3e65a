import type { Logger } from "@rocket/platform/log";
import type { Redis } from "@rocket/platform/redis";

/**
 * Warns where Redis may drop live sessions under memory pressure, by any policy but `noeviction`, and where it
 * does not tell: a Redis that lets us keep sessions need not let us ask for its settings.
 */
export async function warnOfEviction(redis: Redis, log: Logger): Promise<void> {
  try {
    const memory = await redis.run((client) => client.info("memory"));
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
    if (policy !== "noeviction") {
      log.warn({ policy }, "redis may evict sessions; set maxmemory-policy noeviction");
    }
  } catch (err) {
    log.warn({ err }, "redis does not tell its maxmemory-policy, which must be noeviction");
  }
}
