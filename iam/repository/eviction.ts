import type { Logger } from "@rocket/platform/log";
import type { Redis } from "@rocket/platform/redis";

/**
 * Logs a warning if Redis may evict live sessions under memory pressure, as every policy except `noeviction`
 * does. Also warns if the policy can't be read: a Redis user may be allowed to store sessions but not to run
 * INFO.
 */
export async function warnOfEviction(redis: Redis, log: Logger): Promise<void> {
  try {
    const memory = await redis.run((client) => client.info("memory"));
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
    if (policy !== "noeviction") {
      log.warn({ policy }, "redis may evict sessions; set maxmemory-policy noeviction");
    }
  } catch (err) {
    log.warn({ err }, "could not read the maxmemory-policy of redis, which must be noeviction");
  }
}
