import type { TransactionSql } from "postgres";

/** Code that does not send events leaves them unsent. */
export const worksWithOlderCode = true;

/** Notes which events have been sent, and wakes the relay by notifications on the channel `outbox`. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    alter table outbox
      -- When all in-sync replicas of Kafka had it.
      add column sent_at timestamptz`;
  // What is deleted is found by when it was sent.
  await sql`drop index outbox_by_age`;
  await sql`create index outbox_unsent on outbox (id) where sent_at is null`;
  await sql`create index outbox_sent on outbox (sent_at) where sent_at is not null`;
  await sql`
    create function notify_outbox() returns trigger language plpgsql as $$
    begin
      perform pg_notify('outbox', '');
      return null;
    end $$`;
  await sql`
    create trigger outbox_notification after insert on outbox
    for each statement execute function notify_outbox()`;
}
