import type { TransactionSql } from "postgres";

/** Code that does not know the column tries changes in the order in which they were made. */
export const worksWithOlderCode = true;

/** When an unfinished change is tried again: changes that fail again and again must not keep later ones waiting. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    alter table account_changes
      add column retry_at timestamptz not null default now() + interval '10 seconds'`;
  await sql`create index account_changes_to_retry on account_changes (retry_at)`;
  await sql`drop index account_changes_changed_at`;
}
