import type { TransactionSql } from "postgres";

/** Messages to people, one for each event that asks for one, and where they have been delivered. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table messages (
      event_uuid uuid primary key,
      user_uuid uuid not null,
      kind text not null,
      -- What the text names, e.g. the order.
      facts jsonb not null,
      received_at timestamptz not null default now(),
      attempt int not null default 0,
      -- When to deliver it, or to try again.
      due_at timestamptz not null default now(),
      -- Delivered to every address that takes it, or given up.
      done_at timestamptz
    )`;
  await sql`create index messages_due on messages (due_at) where done_at is null`;
  await sql`create index messages_by_age on messages (received_at)`;

  // Addresses are kept as digests: they are asked of IAM each time, and nobody needs a copy.
  await sql`
    create table deliveries (
      event_uuid uuid not null references messages on delete cascade,
      address_digest text not null,
      delivered_at timestamptz not null default now(),
      primary key (event_uuid, address_digest)
    )`;
  await sql`
    create table failing_addresses (
      address_digest text primary key,
      since timestamptz not null default now()
    )`;

  await sql`
    create table refused_logins (
      user_uuid uuid primary key,
      at timestamptz not null
    )`;
  await sql`create index refused_logins_by_age on refused_logins (at)`;
}
