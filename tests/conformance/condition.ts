import { Redis } from "ioredis";
import { createHash } from "node:crypto";
import postgres from "postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import type { System } from "../support/system.ts";

/** Brings a system into a condition, and returns how to undo it. */
type Change = (system: System) => Promise<() => Promise<unknown>>;

/** The conditions in which scenarios run. */
const CHANGES = {
  "everything is up": () => Promise.resolve(() => Promise.resolve()),
  "Postgres is down": async ({ backing }) => {
    await backing.postgres.kill();
    return () => backing.postgres.start();
  },
  "Postgres is silent": async ({ backing }) => {
    await backing.postgres.pause();
    return () => backing.postgres.resume();
  },
  "Redis is down": async ({ backing }) => {
    // Killed, it might lose the session that all calls use.
    await backing.redis.stop();
    return () => backing.redis.start();
  },
  "Redis is silent": async ({ backing }) => {
    await backing.redis.pause();
    return () => backing.redis.resume();
  },
  "the tables are gone": async (system) => {
    await renameTables(system, "", "_gone");
    return () => renameTables(system, "_gone", "");
  },
  "the sessions are garbled": garbleSessions,
  "the accounts have just changed": async ({ backing }) => {
    const redis = new Redis(backing.redisUrl);
    const generations = await redis.keys("iam:*:generation");
    await Promise.all(generations.map((key) => redis.set(key, 1_000_000, "KEEPTTL")));
    return async () => {
      await redis.del(generations);
      redis.disconnect();
    };
  },
  "too many attempts came from here": async ({ backing }) => {
    const redis = new Redis(backing.redisUrl);
    const subject = createHash("sha256").update("127.0.0.1").digest("base64url");
    const keys = ["logins-per-address", "registrations-per-address", "mails-per-address"].map((name) =>
      `iam:throttle:${name}:${subject}`
    );
    await Promise.all(keys.map((key) => redis.set(key, Date.now() + 60_000, "EX", 60)));
    return async () => {
      await redis.del(keys);
      redis.disconnect();
    };
  },
} as const satisfies Readonly<Record<string, Change>>;

/** A condition of the system. */
export type Condition = keyof typeof CHANGES;

/** Every condition of the system. */
// The table is closed, so its keys are these.
export const CONDITIONS = Object.keys(CHANGES) as readonly Condition[];

/** The condition of scenarios that don't name one. */
export const HEALTHY: Condition = "everything is up";

/** The system whose condition changes. */
export interface Changeable {
  readonly system: System;
  /** Throws unless every service answers as usual. */
  readonly assertWell: () => Promise<void>;
}

/** Does work in a condition of the system, and resolves once the system is well again. */
export async function inCondition<T>(
  condition: Condition,
  { system, assertWell }: Changeable,
  work: () => Promise<T>,
): Promise<T> {
  const undo = await CHANGES[condition](system);
  try {
    return await work();
  } finally {
    await undo();
    await eventually(assertWell);
  }
}

const TABLES = [
  ["iam", "users"],
  ["iam", "password_reset_requests"],
  ["inventory", "parts"],
  ["inventory", "reservations"],
] as const;

/** A missing table is an internal error for every caller. */
async function renameTables({ backing }: System, from: string, to: string): Promise<void> {
  for (const [database, table] of TABLES) {
    const url = backing.postgresUrls[database];
    // A system without the service has no database for it.
    if (url === undefined) continue;
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await sql`alter table if exists ${sql(table + from)} rename to ${sql(table + to)}`;
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

async function garbleSessions({ backing }: System): Promise<() => Promise<unknown>> {
  const redis = new Redis(backing.redisUrl);
  const keys = await redis.keys("iam:session:*");
  const records = await redis.mget(keys);
  await Promise.all(keys.map((key) => redis.set(key, "not a record", "KEEPTTL")));
  return async () => {
    await Promise.all(keys.map((key, index) => redis.set(key, records[index] ?? "", "KEEPTTL")));
    redis.disconnect();
  };
}
