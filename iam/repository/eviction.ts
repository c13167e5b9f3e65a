import type { Logger, Redis } from "@rocket/platform";

/** Warns where Redis may drop live sessions under memory pressure: any policy but `noeviction`. */
export async function warnOfEviction(redis: Redis, log: Logger): Promise<void> {
  const memory = await redis.run((client) => client.info("memory"));
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== "noeviction") {
    log.warn({ policy }, "redis may evict sessions; set maxmemory-policy noeviction");
  }
}
