import { createLogger } from "@rocket/platform/log";
import { createRedis } from "@rocket/platform/redis";
import { eventually } from "@rocket/platform/testing/eventually";

// Writes and reads one key at the Redis of a URL, and prints what it read or why it could not.
const [url = "", patienceMs = ""] = Deno.args;
await using redis = createRedis(url, createLogger({ service: "test", level: "silent", format: "json" }));
const outcome = await eventually(async () => {
  await redis.run((client) => client.set("key", "value"));
  return await redis.run((client) => client.get("key"));
}, Number(patienceMs)).catch((error) => `failed: ${Deno.inspect(error)}`);
Deno.stdout.writeSync(new TextEncoder().encode(`${String(outcome).replaceAll("\n", " ")}\n`));
