import type { TransactionSql } from "postgres";

/** The ships of paid orders, the events that asked for them, and an outbox of events. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table ships (
      order_uuid uuid primary key,
      user_uuid uuid not null,
      build_ms int not null,
      ordered_at timestamptz not null default now(),
      -- Work on it has begun, and ends on its own at due_at.
      begun_at timestamptz,
      due_at timestamptz,
      assembled_at timestamptz,
      constraint ships_build check (
        (begun_at is null) = (due_at is null) and (assembled_at is null or begun_at is not null)
      )
    )`;
  await sql`create index ships_waiting on ships (ordered_at) where begun_at is null`;
  await sql`create index ships_in_work on ships (due_at) where begun_at is not null and assembled_at is null`;
  await sql`create index ships_assembled on ships (assembled_at) where assembled_at is not null`;

  // Volatile, so that its query sees what was committed while it waited for the lock: the statement that calls the
  // function does not. A key of two numbers never meets one of a single number, such as the migrator's.
  await sql`
    create function lock_ships_in_work(out in_work int) language plpgsql volatile as $$
    begin
      perform pg_advisory_xact_lock(4711003, 0);
      select count(*) into in_work from ships where begun_at is not null and assembled_at is null;
    end $$`;

  await sql`
    create table inbox (
      event_uuid uuid primary key,
      received_at timestamptz not null default now()
    )`;
  await sql`create index inbox_by_age on inbox (received_at)`;

  await sql`
    create table outbox (
      event_uuid uuid primary key,
      -- In the order in which the events of one key were written.
      id bigint generated always as identity unique,
      topic text not null,
      key text not null,
      -- The full name of the message that the payload encodes, e.g. events.v1.ShipAssembled.
      event_type text not null,
      payload bytea not null,
      request_id text,
      -- W3C Trace Context of the request.
      traceparent text,
      -- How often sending was tried.
      attempt int not null default 0,
      created_at timestamptz not null default now(),
      constraint outbox_once unique (key, event_type)
    )`;
}
