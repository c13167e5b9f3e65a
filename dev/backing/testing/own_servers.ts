import { Redis } from "ioredis";
import postgres from "postgres";
import type { BackingOptions } from "../backing.ts";

/** This process's environment, bound to one source and naming no server. */
export function environmentFor(backing: "docker" | "local"): BackingOptions["env"] {
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
  // A connection that is refused is told twice, by this event and by the promise below.
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
