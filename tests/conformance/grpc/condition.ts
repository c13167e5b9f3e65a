import { Redis } from "ioredis";
import assert from "node:assert/strict";
import postgres from "postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import type { GrpcStage } from "../../support/grpc_stage.ts";
import type { System } from "../../support/system.ts";

/** Brings a system into a state, and gives the way back. */
type Change = (system: System) => Promise<() => Promise<unknown>>;

/** The states in which scenarios play. */
const CHANGES = {
  "all is well": () => Promise.resolve(() => Promise.resolve()),
  "Postgres is down": async ({ backing }) => {
    await backing.postgres.kill();
    return () => backing.postgres.start();
  },
  "Postgres is silent": async ({ backing }) => {
    await backing.postgres.pause();
    return () => backing.postgres.resume();
  },
  "Redis is down": async ({ backing }) => {
    // Killed, it might lose the session that all calls are made with.
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
} as const satisfies Readonly<Record<string, Change>>;

/** A state of the system. */
export type Condition = keyof typeof CHANGES;

/** Every state of the system. */
// The table is closed, so its keys are these.
export const CONDITIONS = Object.keys(CHANGES) as readonly Condition[];

/** The state in which scenarios play that name no other. */
export const WELL: Condition = "all is well";

/** Does its work in a state of the system, and ends when every method answers well again. */
export async function under<T>(condition: Condition, stage: GrpcStage, work: () => Promise<T>): Promise<T> {
  const undo = await CHANGES[condition](stage.system);
  try {
    return await work();
  } finally {
    await undo();
    for (const { name } of stage.methods) {
      await eventually(async () => assert.equal((await stage.ask(name)).status, "OK", name));
    }
  }
}

const TABLES = [
  ["IAM_POSTGRES_URL", "users"],
  ["INVENTORY_POSTGRES_URL", "parts"],
  ["INVENTORY_POSTGRES_URL", "reservations"],
] as const;

/** A missing table is a fault of ours for every caller. */
async function renameTables(system: System, from: string, to: string): Promise<void> {
  for (const [database, table] of TABLES) {
    const sql = postgres(system.variable(database), { max: 1, onnotice: () => {} });
    try {
      await sql`alter table ${sql(table + from)} rename to ${sql(table + to)}`;
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

async function garbleSessions({ backing }: System): Promise<() => Promise<unknown>> {
  const redis = new Redis(backing.redisUrl);
  const keys = await redis.keys("iam:session:*");
  const records = await redis.mget(keys);
  await Promise.all(keys.map((key) => redis.set(key, "no record", "KEEPTTL")));
  return async () => {
    await Promise.all(keys.map((key, index) => redis.set(key, records[index] ?? "", "KEEPTTL")));
    redis.disconnect();
  };
}
