import type { Sql } from "postgres";

/** Adds a new part for each number, with that many pieces in stock; their UUIDs are ascending. */
export async function addParts(sql: Sql, ...stocks: readonly number[]): Promise<readonly string[]> {
  const uuids = stocks.map(() => crypto.randomUUID()).toSorted();
  await sql`
    insert into parts (uuid, name, description, price, stock_quantity, category, dimensions, manufacturer, tags, metadata)
    select uuid, 'Bolt', '', 1, stock, 'ENGINE', '{"length": 1, "width": 1, "height": 1, "weight": 1}',
      '{"name": "Maker", "country": "Norway", "website": "https://maker.example.com"}', '{}', '{}'
    from unnest(${uuids}::uuid[], ${[...stocks]}::bigint[]) as new (uuid, stock)`;
  return uuids;
}

/** The number of a part's pieces in each state. */
export interface PieceCounts {
  readonly stock: number;
  readonly held: number;
  readonly sold: number;
}

/** Counts the pieces of each part by state, in the order of the arguments, in one snapshot. */
export async function pieceCounts(sql: Sql, partUuids: readonly string[]): Promise<readonly PieceCounts[]> {
  const rows = await sql<PieceCounts[]>`
    select stock_quantity::float8 as stock,
      coalesce(sum(quantity) filter (where expires_at is not null), 0)::float8 as held,
      coalesce(sum(quantity) filter (where expires_at is null), 0)::float8 as sold
    from parts
    join unnest(${[
    ...partUuids,
  ]}::uuid[]) with ordinality as requested (part_uuid, place) on requested.part_uuid = uuid
    left join (
      select item.part_uuid, quantity, expires_at
      from reservations cross join unnest(part_uuids, quantities) as item (part_uuid, quantity)
    ) as item on item.part_uuid = uuid
    group by uuid, place, stock_quantity order by place`;
  return [...rows];
}

/** Makes a reservation expire. */
export async function expireReservation(sql: Sql, orderUuid: string): Promise<void> {
  await sql`update reservations set expires_at = now() - interval '1 second'
            where order_uuid = ${orderUuid} and expires_at is not null`;
}
