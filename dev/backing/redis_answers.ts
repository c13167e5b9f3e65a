import { Redis } from "ioredis";

/** One question to the Redis at this URL, answered or thrown; a Redis that still loads its data does not answer. */
export async function askRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
  });
  // A refused connection is told twice, by this event and by the promise below; the promise is enough.
  client.on("error", () => {});
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
