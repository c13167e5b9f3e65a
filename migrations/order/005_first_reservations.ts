import type { TransactionSql } from "postgres";

/** When recovery extends the first, short reservation of an order, if the request that placed it has not. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`alter table orders add column reservation_due_at timestamptz`;
  await sql`
    create index orders_to_reserve on orders (reservation_due_at)
      where status = 'PENDING_PAYMENT' and payment_started_at is null and reservation_due_at is not null`;
}
