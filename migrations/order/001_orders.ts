import type { TransactionSql } from "postgres";

/** Orders. The database checks what each status requires, so that no code path can leave an order half paid. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table orders (
      order_uuid uuid primary key,
      user_uuid uuid not null,
      part_uuids uuid[] not null,
      total_price numeric(14, 2) not null,
      transaction_uuid uuid,
      payment_method text,
      status text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      constraint orders_pieces check (
        cardinality(part_uuids) between 1 and 100 and array_position(part_uuids, null) is null
      ),
      -- numeric has a NaN, which PostgreSQL sorts above all numbers.
      constraint orders_total_price check (total_price >= 0 and total_price <> 'NaN'),
      constraint orders_status check (status in ('PENDING_PAYMENT', 'PAID', 'CANCELLED', 'ASSEMBLED')),
      constraint orders_payment_method check (
        payment_method in ('CARD', 'SBP', 'CREDIT_CARD', 'INVESTOR_MONEY')
      ),
      constraint orders_payment check (
        case when status in ('PAID', 'ASSEMBLED')
          then transaction_uuid is not null and payment_method is not null
          else transaction_uuid is null and payment_method is null
        end
      )
    )`;
  await sql`create index orders_of_user_newest_first on orders (user_uuid, created_at desc, order_uuid desc)`;
}
