import assert from "node:assert/strict";
import postgres, { type Sql } from "postgres";
import { type Charge, readCharges } from "./charges.ts";
import type { System } from "./system.ts";

/** The contents of order's and inventory's tables, and the charges that payment logged. */
export interface SystemState {
  readonly orders: readonly OrderRow[];
  readonly events: readonly { readonly order_uuid: string; readonly event_type: string }[];
  readonly reservations: readonly Reservation[];
  /** The stock of each part. */
  readonly stock: ReadonlyMap<string, number>;
  /** May contain an order several times, with the same transaction. */
  readonly charges: readonly Charge[];
}

/** A row of the orders table. */
export interface OrderRow {
  readonly order_uuid: string;
  readonly status: string;
  readonly part_uuids: readonly string[];
  readonly transaction_uuid: string | null;
  readonly payment_started_at: Date | null;
}

/** The parts reserved for an order, or sold to it. */
export interface Reservation {
  readonly order_uuid: string;
  readonly part_uuids: readonly string[];
  readonly quantities: readonly number[];
  readonly is_sold: boolean;
  /** Until the reservation expires, in seconds; null if the parts are sold. */
  readonly seconds_left: number | null;
}

/** Reads everything that must be consistent when no request is in progress. */
export async function readState(system: System): Promise<SystemState> {
  await using order = connect(system.variable("ORDER_POSTGRES_URL"));
  await using inventory = connect(system.variable("INVENTORY_POSTGRES_URL"));
  const parts = await inventory.sql<{ uuid: string; stock: number }[]>`
    select uuid, stock_quantity::int as stock from parts`;
  return {
    orders: await order.sql<OrderRow[]>`
      select order_uuid, status, part_uuids, transaction_uuid, payment_started_at from orders`,
    events: await order.sql<SystemState["events"][number][]>`
      select key as order_uuid, event_type from outbox`,
    reservations: await inventory.sql<Reservation[]>`
      select order_uuid, part_uuids, quantities, expires_at is null as is_sold,
        extract(epoch from expires_at - now())::float8 as seconds_left
      from reservations`,
    stock: new Map(parts.map(({ uuid, stock }) => [uuid, stock])),
    charges: await readCharges(system),
  };
}

/**
 * Asserts that charges, paid orders, their events and sold reservations match one to one, and that no piece of any part
 * was lost, created, or sold twice.
 *
 * @param before The stock before the first order.
 */
export function assertConsistent(state: SystemState, before: ReadonlyMap<string, number>): void {
  const { orders, events, reservations, stock, charges } = state;
  const paid = orders.filter(({ status }) => status === "PAID" || status === "ASSEMBLED");
  const uuids = (rows: readonly { readonly order_uuid: string }[]) =>
    rows.map((row) => row.order_uuid).toSorted();

  assert.deepEqual(uuids(events), uuids(paid), "every paid order has one event, and no other order has any");
  const transactions = new Map(
    charges.map(({ orderUuid, transactionUuid }) => [orderUuid, transactionUuid]),
  );
  assert.equal(new Set(charges.map(({ transactionUuid }) => transactionUuid)).size, transactions.size);
  assert.deepEqual([...transactions.keys()].toSorted(), uuids(paid), "charged orders are the paid orders");
  for (const { order_uuid, transaction_uuid } of paid) {
    assert.equal(transaction_uuid, transactions.get(order_uuid));
  }

  const sold = reservations.filter(({ is_sold }) => is_sold);
  assert.deepEqual(uuids(sold), uuids(paid), "orders with sold reservations are the paid orders");
  const taken = new Map<string, number>();
  for (const { part_uuids, quantities } of reservations) {
    part_uuids.forEach((uuid, n) => taken.set(uuid, (taken.get(uuid) ?? 0) + (quantities[n] ?? 0)));
  }
  for (const [uuid, pieces] of stock) {
    assert.ok(pieces >= 0, `part ${uuid} has ${pieces} pieces`);
    assert.equal(
      pieces + (taken.get(uuid) ?? 0),
      before.get(uuid),
      `stock and reservations of part ${uuid} add up to its initial stock`,
    );
  }
}

/** Sets the stock of one part. @returns The part's UUID. */
export async function setStock(system: System, pieces: number): Promise<string> {
  await using inventory = connect(system.variable("INVENTORY_POSTGRES_URL"));
  const [part] = await inventory.sql<{ uuid: string }[]>`
    update parts set stock_quantity = ${pieces} where uuid = (select uuid from parts order by uuid limit 1)
    returning uuid`;
  assert.ok(part, "inventory has no parts");
  return part.uuid;
}

function connect(url: string): { readonly sql: Sql } & AsyncDisposable {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}
