import type { TransactionSql } from "postgres";

/** A function that counts a user's unpaid orders and lets no other transaction count them until this one ends. */
export async function up(sql: TransactionSql): Promise<void> {
  // Volatile, so that its query sees what was committed while it waited for the lock: the statement that calls the
  // function does not. A key of two numbers never meets one of a single number, such as the migrator's.
  await sql`
    create function lock_unpaid_orders(whose uuid, out unpaid_orders int, out unpaid_pieces int)
    language plpgsql volatile as $$
    begin
      perform pg_advisory_xact_lock(4711002, hashtext(whose::text));
      select count(*), coalesce(sum(cardinality(part_uuids)), 0) into unpaid_orders, unpaid_pieces
        from orders where user_uuid = whose and status = 'PENDING_PAYMENT';
    end $$`;
}
