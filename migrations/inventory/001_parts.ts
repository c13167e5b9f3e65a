import type { TransactionSql } from "postgres";

/** The parts for sale, with an index for each field of the contract's filter. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table parts (
      uuid uuid primary key,
      -- "C": the same order of parts, whatever the machine's locale.
      name text collate "C" not null,
      description text not null,
      price numeric(12, 2) not null,
      stock_quantity bigint not null,
      category text not null,
      dimensions jsonb not null,
      manufacturer jsonb not null,
      tags text[] not null,
      metadata jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- An index entry holds about 2,700 bytes.
      constraint parts_name check (char_length(name) between 1 and 200),
      -- numeric has a NaN, which PostgreSQL sorts above all numbers.
      constraint parts_price check (price >= 0 and price <> 'NaN'),
      -- JavaScript's largest safe integer.
      constraint parts_stock_quantity check (stock_quantity between 0 and 9007199254740991),
      constraint parts_category check (category in ('ENGINE', 'FUEL', 'PORTHOLE', 'WING')),
      constraint parts_dimensions check (jsonb_typeof(dimensions) = 'object'),
      constraint parts_manufacturer check (
        jsonb_typeof(manufacturer -> 'country') is not distinct from 'string'
      ),
      constraint parts_tags check (array_position(tags, null) is null),
      constraint parts_metadata check (jsonb_typeof(metadata) = 'object')
    )`;
  await sql`create index parts_by_name on parts (name, uuid)`;
  await sql`create index parts_by_category on parts (category)`;
  await sql`create index parts_by_manufacturer_country on parts ((manufacturer ->> 'country'))`;
  await sql`create index parts_by_tags on parts using gin (tags)`;
}
