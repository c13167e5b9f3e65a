import type { Fragment, Sql } from "postgres";
import type { PartQuantity, ReservationRequest, Shortage } from "../model/reservation.ts";

/*
 * Under READ COMMITTED, a statement sees what was committed before it began, but sees the current state of the rows it
 * locks. So each statement locks the rows that it bases a decision on. All lock in the same order, to avoid deadlocks: an
 * order's row first, then parts by ascending UUID.
 */

/** The result of `reserve`. */
export interface ReserveRow {
  /** Null if all parts exist. */
  readonly unknown: readonly string[] | null;
  /** Null if the pieces have been sold. This and the fields below are also null if a part does not exist. */
  readonly expires_at: Date | null;
  readonly is_new: boolean | null;
  readonly has_same_items: boolean | null;
}

/**
 * Reserves pieces, or renews their reservation.
 *
 * The update of parts has no condition on their stock: if too little is left, the check `parts_stock_quantity` rolls the
 * whole statement back. The order's row is always written, even if it does not change, because only a written row is
 * returned in its current state.
 */
export function reserve(sql: Sql, { orderUuid, items, ttlMs }: ReservationRequest) {
  const { partUuids, quantities } = toArrays(items);
  return sql<[ReserveRow]>`
    with wanted as (
      select part_uuid, quantity
      from unnest(${partUuids}::uuid[], ${quantities}::int[]) as wanted (part_uuid, quantity)
    ), unknown as (
      select part_uuid from wanted where not exists (select from parts where uuid = part_uuid)
    ), kept as (
      insert into reservations as kept (order_uuid, part_uuids, quantities, expires_at)
      select ${orderUuid}::uuid, ${partUuids}::uuid[], ${quantities}::int[],
        now() + ${ttlMs}::float8 * interval '1 millisecond'
      where not exists (select from unknown)
      on conflict (order_uuid) do update set
        times_asked = kept.times_asked + 1,
        expires_at = case
          when kept.expires_at < excluded.expires_at
            and kept.part_uuids = excluded.part_uuids and kept.quantities = excluded.quantities
          then excluded.expires_at else kept.expires_at
        end
      returning expires_at, times_asked = 1 as is_new,
        part_uuids = ${partUuids}::uuid[] and quantities = ${quantities}::int[] as has_same_items
    ), locked as (
      select uuid from parts
      where uuid = any (${partUuids}::uuid[]) and (select is_new from kept)
      order by uuid for no key update
    ), taken as (
      update parts set stock_quantity = stock_quantity - quantity, updated_at = now()
      from locked join wanted on part_uuid = locked.uuid
      where parts.uuid = locked.uuid
    )
    select (select array_agg(part_uuid order by part_uuid) from unknown) as unknown,
      expires_at, is_new, has_same_items
    from (select) as always left join kept on true`;
}

/** Finds parts with fewer pieces left. A double represents every number that the table's check allows exactly. */
export function findShortages(sql: Sql, items: readonly PartQuantity[]) {
  const { partUuids, quantities } = toArrays(items);
  return sql<Shortage[]>`
    select uuid as "partUuid", quantity as ordered, stock_quantity::float8 as stock
    from parts join unnest(${partUuids}::uuid[], ${quantities}::int[]) as wanted (part_uuid, quantity)
      on uuid = part_uuid
    where stock_quantity < quantity order by uuid`;
}

/** The columns that give a reservation's size. */
export interface SizeRow {
  readonly quantities: readonly number[];
}

/** Marks the reserved pieces as sold. */
export function commit(sql: Sql, orderUuid: string) {
  return sql<SizeRow[]>`
    update reservations set expires_at = null where order_uuid = ${orderUuid} returning quantities`;
}

/** Puts reserved pieces back. Returns a row if there is a reservation, without quantities if its pieces were sold. */
export function release(sql: Sql, orderUuid: string) {
  return sql<(SizeRow | { readonly quantities: null })[]>`
    with found as (
      select order_uuid, expires_at is null as is_sold from reservations
      where order_uuid = ${orderUuid} for update
    ), gone as (
      delete from reservations where order_uuid = (select order_uuid from found where not is_sold)
      returning part_uuids, quantities
    ), ${putBack(sql)}
    select quantities from found left join gone on true`;
}

/** A reservation that has ended. */
export interface EndedRow extends SizeRow {
  readonly order_uuid: string;
}

/** Ends the reservations that expired first, except those that another statement has locked. */
export function endExpired(sql: Sql, limit: number) {
  return endWhere(sql, sql`order by expires_at limit ${limit} for update skip locked`);
}

/** Ends those that contain one of the parts. They are locked by ascending UUID, so that two calls can't deadlock. */
export function endExpiredOf(sql: Sql, partUuids: readonly string[], limit: number) {
  return endWhere(
    sql,
    sql`and part_uuids && ${[...partUuids]}::uuid[] order by order_uuid limit ${limit} for update`,
  );
}

function endWhere(sql: Sql, rest: Fragment) {
  return sql<EndedRow[]>`
    with due as (
      select order_uuid from reservations where expires_at <= now() ${rest}
    ), gone as (
      delete from reservations where order_uuid = any (array(select order_uuid from due))
      returning order_uuid, part_uuids, quantities
    ), ${putBack(sql)}
    select order_uuid, quantities from gone`;
}

/** The end of a statement whose `gone` returns deleted reservations: adds their pieces to the stock again. */
function putBack(sql: Sql): Fragment {
  return sql`
    back as (
      select part_uuid, sum(quantity) as quantity
      from gone cross join unnest(part_uuids, quantities) as item (part_uuid, quantity)
      group by part_uuid
    ), locked as (
      select uuid from parts
      where uuid = any (array(select part_uuid from back))
      order by uuid for no key update
    ), put_back as (
      update parts set stock_quantity = stock_quantity + quantity, updated_at = now()
      from locked join back on part_uuid = locked.uuid
      where parts.uuid = locked.uuid
    )`;
}

/** Sorts them by UUID, as the table stores them. */
function toArrays(items: readonly PartQuantity[]): { partUuids: string[]; quantities: number[] } {
  const sorted = items.toSorted((a, b) => a.partUuid < b.partUuid ? -1 : 1);
  return {
    partUuids: sorted.map(({ partUuid }) => partUuid),
    quantities: sorted.map(({ quantity }) => quantity),
  };
}
