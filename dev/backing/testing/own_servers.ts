import { Redis } from "ioredis";
import postgres from "postgres";
import type { Environment } from "../backing.ts";
import { findEngine, probeEngine } from "../docker/engine.ts";
import { WayUnavailable } from "../errors.ts";

/** This process's environment, bound to one source and without named servers. */
export function environmentFor(backing: "docker" | "local"): Environment {
  const named = Object.keys(Deno.env.toObject()).filter((name) => /_(POSTGRES|REDIS)_URL$/.test(name));
  return { ...Deno.env.toObject(), ...Object.fromEntries(named.map((name) => [name, ""])), BACKING: backing };
}

/** Uses a new connection to a database, closed afterwards. */
export async function withPostgres<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 10 });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Uses a new connection to Redis, closed afterwards. */
export async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // A refused connection is reported by this event and by the promise below; the promise is enough.
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Whether something is still unanswered after a while, in milliseconds. */
export async function staysUnanswered(answer: Promise<unknown>, whileMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), whileMs);
  try {
    return await Promise.race([promise, answer.then(() => false)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether there is an engine with images to test with; if `BACKING` is set, it decides. */
export async function dockerIsUsable(): Promise<boolean> {
  const env = Deno.env.toObject();
  if (env["BACKING"]) return env["BACKING"] === "docker";
  const engine = await findEngine(env);
  if (!engine) return false;
  try {
    await probeEngine(engine);
    const { getContainerRuntimeClient } = await import("testcontainers");
    const { needImage, needReaper } = await import("../docker/images.ts");
    const { imageOf } = await import("../docker/containers.ts");
    const client = await getContainerRuntimeClient();
    const images = (["postgres", "redis"] as const).map((store) => imageOf(store, env));
    await Promise.all(images.map((image) => needImage(client, image, () => {})));
    await needReaper(client);
    return true;
  } catch (error) {
    if (error instanceof WayUnavailable) return false;
    throw error;
  }
}
