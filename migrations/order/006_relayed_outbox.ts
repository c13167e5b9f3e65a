import type { TransactionSql } from "postgres";

/** Gives the outbox what a relay needs to send an event on without decoding it; the order's UUID is the key. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    alter table outbox
      -- In the order in which the events of one key were written.
      add column id bigint generated always as identity unique,
      add column topic text,
      add column key text,
      add column request_id text,
      -- W3C Trace Context of the request.
      add column traceparent text,
      -- How often sending was tried.
      add column attempt int not null default 0`;
  await sql`update outbox set topic = 'order.paid', key = order_uuid::text`;
  await sql`
    alter table outbox
      alter column topic set not null,
      alter column key set not null,
      drop column order_uuid,
      add constraint outbox_once unique (key, event_type)`;
}
