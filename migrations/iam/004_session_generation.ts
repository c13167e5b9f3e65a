import type { TransactionSql } from "postgres";

/**
 * Counts the changes of an account that its sessions must follow, e.g. of its password: a login that began under an
 * earlier generation opens no session. Code that does not know generations would open sessions that can't be revoked, so
 * it is refused on this schema.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`alter table users add column session_generation bigint not null default 0`;
}
