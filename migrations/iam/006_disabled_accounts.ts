import type { TransactionSql } from "postgres";

/** When an operator disabled the account, if it is disabled. Code that does not know it would let its owner log in. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`alter table users add column disabled_at timestamptz`;
}
