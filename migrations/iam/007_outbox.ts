import type { TransactionSql } from "postgres";

/** Code that does not know the table publishes no event. */
export const worksWithOlderCode = true;

/** Events of accounts that wait to be sent on, as in the order service's outbox. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table outbox (
      event_uuid uuid primary key,
      -- In the order in which the events of one key were written.
      id bigint generated always as identity unique,
      topic text not null,
      key text not null,
      -- The full name of the message that the payload encodes, e.g. events.v1.AccountEvent.
      event_type text not null,
      payload bytea not null,
      request_id text,
      -- W3C Trace Context of the request.
      traceparent text,
      -- How often sending was tried.
      attempt int not null default 0,
      created_at timestamptz not null default now()
    )`;
  await sql`create index outbox_by_age on outbox (created_at)`;
}
