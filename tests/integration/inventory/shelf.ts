import type { Sql } from "postgres";

/** Puts new parts on the shelf, one for each number, with as many pieces; their UUIDs go upwards. */
export async function addParts(sql: Sql, ...stocks: readonly number[]): Promise<readonly string[]> {
  const uuids = stocks.map(() => crypto.randomUUID()).toSorted();
  await sql`
    insert into parts (uuid, name, description, price, stock_quantity, category, dimensions, manufacturer, tags, metadata)
    select uuid, 'Bolt', '', 1, stock, 'ENGINE', '{"length": 1, "width": 1, "height": 1, "weight": 1}',
      '{"name": "Maker", "country": "Norway", "website": "https://maker.example.com"}', '{}', '{}'
    from unnest(${uuids}::uuid[], ${[...stocks]}::bigint[]) as new (uuid, stock)`;
  return uuids;
}

/** Where the pieces of a part are. */
export interface Whereabouts {
  readonly stock: number;
  readonly held: number;
  readonly sold: number;
}

/** Where the pieces of each part are, in the order asked, all seen at one moment. */
export async function whereabouts(sql: Sql, partUuids: readonly string[]): Promise<readonly Whereabouts[]> {
  const rows = await sql<Whereabouts[]>`
    select stock_quantity::float8 as stock,
      coalesce(sum(quantity) filter (where expires_at is not null), 0)::float8 as held,
      coalesce(sum(quantity) filter (where expires_at is null), 0)::float8 as sold
    from parts
    join unnest(${[
    ...partUuids,
  ]}::uuid[]) with ordinality as asked (part_uuid, place) on asked.part_uuid = uuid
    left join (
      select item.part_uuid, quantity, expires_at
      from reservations cross join unnest(part_uuids, quantities) as item (part_uuid, quantity)
    ) as item on item.part_uuid = uuid
    group by uuid, place, stock_quantity order by place`;
  return [...rows];
}

/** Lets the time of a reservation be over. */
export async function letExpire(sql: Sql, orderUuid: string): Promise<void> {
  await sql`update reservations set expires_at = now() - interval '1 second'
            where order_uuid = ${orderUuid} and expires_at is not null`;
}
