import type { TransactionSql } from "postgres";

/**
 * Stock reserved for orders, one row per order, until the reservation is released or expires; sold stock stays.
 * From now on `parts.stock_quantity` excludes what is reserved or sold.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table reservations (
      order_uuid uuid primary key,
      -- The items as two arrays, sorted by the part's UUID, so that equal items are equal arrays.
      part_uuids uuid[] not null,
      quantities int[] not null,
      -- Distinguishes the first request from a repeat.
      times_asked int not null default 1,
      -- Null once the pieces are sold.
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      constraint reservations_part_uuids check (
        cardinality(part_uuids) between 1 and 100 and array_position(part_uuids, null) is null
      ),
      constraint reservations_quantities check (
        cardinality(quantities) = cardinality(part_uuids) and array_position(quantities, null) is null
        and 1 <= all (quantities) and 100 >= all (quantities)
      )
    )`;
  await sql`create index reservations_by_end on reservations (expires_at) where expires_at is not null`;
}
