import assert from "node:assert/strict";
import postgres, { type Sql, type TransactionSql } from "postgres";
import type { InventoryAlone } from "./inventory_alone.ts";

/** Runs work in a transaction beside inventory's own; its locks are released at the end. */
export async function withTransaction(
  { system }: InventoryAlone,
  work: (tx: TransactionSql) => Promise<unknown>,
): Promise<void> {
  const other = postgres(system.variable("INVENTORY_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  try {
    await other.begin(work);
  } finally {
    await other.end({ timeout: 1 });
  }
}

/** @throws {assert.AssertionError} unless exactly one connection waits for a lock. */
export async function assertOneWaitsForLock(sql: Sql): Promise<void> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  assert.equal(row?.count, 1);
}
