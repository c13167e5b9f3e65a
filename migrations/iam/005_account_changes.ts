import type { TransactionSql } from "postgres";

/** Code that does not know the table changes no account. */
export const worksWithOlderCode = true;

/**
 * Notes what remains to be done to the sessions of an account that has changed: the row is written by the statement that
 * changes the account, and deleted once its sessions follow. `generation` is the account's as of the change. All sessions
 * end but the one whose digest is `kept`, or, where `ends_sessions` is false, all show the new profile.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table account_changes (
      user_uuid uuid not null,
      generation bigint not null,
      ends_sessions boolean not null,
      kept text,
      changed_at timestamptz not null default now(),
      primary key (user_uuid, generation)
    )`;
  await sql`create index account_changes_changed_at on account_changes (changed_at)`;
}
