import type { Sql } from "postgres";

/** A repeated request to pay is answered from its order, so its key need not say which payment it asked for. */
export async function up(sql: Sql): Promise<void> {
  await sql`drop index idempotency_keys_of_order`;
  await sql`alter table idempotency_keys drop column order_uuid, drop column payment_method`;
}
