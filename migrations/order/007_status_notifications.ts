import type { TransactionSql } from "postgres";

/** Code that does not listen is not disturbed. */
export const worksWithOlderCode = true;

/** Tells every replica when an order's status changes, by notifications on the channel `order_status`. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create function notify_order_status() returns trigger language plpgsql as $$
    begin
      perform pg_notify('order_status', new.order_uuid::text);
      return null;
    end $$`;
  await sql`
    create trigger orders_status_notification after update of status on orders
    for each row when (old.status is distinct from new.status) execute function notify_order_status()`;
}
