import type { TransactionSql } from "postgres";

/** Paying and cancelling orders: payments under way, an outbox of events, and idempotency keys. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    alter table orders
      -- Set, with the method, before anything is charged: from then on the order can't be cancelled.
      add column payment_started_at timestamptz,
      -- When recovery retries a payment that was started and not finished.
      add column payment_recovery_at timestamptz`;
  await sql`update orders set payment_started_at = updated_at where status in ('PAID', 'ASSEMBLED')`;
  await sql`
    alter table orders
      drop constraint orders_payment,
      add constraint orders_payment check (
        case
          when status = 'PENDING_PAYMENT' then transaction_uuid is null
            and (payment_started_at is null) = (payment_method is null)
            and (payment_started_at is null) = (payment_recovery_at is null)
          when status = 'CANCELLED' then
            num_nonnulls(transaction_uuid, payment_method, payment_started_at, payment_recovery_at) = 0
          when status in ('PAID', 'ASSEMBLED') then
            num_nulls(transaction_uuid, payment_method, payment_started_at) = 0 and payment_recovery_at is null
          -- orders_status refuses the rest.
          else true
        end
      )`;
  await sql`
    create index orders_to_recover on orders (payment_recovery_at) where payment_recovery_at is not null`;
  await sql`
    create index orders_to_cancel on orders (created_at)
      where status = 'PENDING_PAYMENT' and payment_started_at is null`;
  await sql`
    create index orders_of_user_by_status on orders (user_uuid, status, created_at desc, order_uuid desc)`;

  await sql`
    create table outbox (
      event_uuid uuid primary key,
      -- The full name of the message that the payload encodes, e.g. events.v1.OrderPaid.
      event_type text not null,
      order_uuid uuid not null references orders,
      payload bytea not null,
      created_at timestamptz not null default now(),
      constraint outbox_once unique (order_uuid, event_type)
    )`;

  await sql`
    create table idempotency_keys (
      user_uuid uuid not null,
      operation text not null,
      key text not null,
      -- SHA-256 of the request, to detect a different request under the same key.
      request_digest bytea not null,
      -- The payment that the request asks for, if any.
      order_uuid uuid,
      payment_method text,
      -- Which attempt works on the answer, and until when no other attempt may.
      claim uuid not null,
      claimed_until timestamptz not null,
      -- The answer, once it exists.
      status smallint,
      body text,
      created_at timestamptz not null default now(),
      primary key (user_uuid, operation, key),
      constraint idempotency_keys_key check (char_length(key) between 1 and 255),
      constraint idempotency_keys_answer check ((status is null) = (body is null))
    )`;
  await sql`create index idempotency_keys_by_age on idempotency_keys (created_at)`;
  await sql`
    create index idempotency_keys_of_order on idempotency_keys (order_uuid, operation)
      where order_uuid is not null and status is null`;
}
