import assert from "node:assert/strict";
import postgres, { type Sql } from "postgres";
import { type Charge, readCharges } from "./charges.ts";
import type { System } from "./system.ts";

/** What the tables of order and inventory hold, and what payment says that it charged. */
export interface Books {
  readonly orders: readonly BookedOrder[];
  readonly events: readonly { readonly order_uuid: string; readonly event_type: string }[];
  readonly reservations: readonly Reservation[];
  /** The pieces left of each part. */
  readonly stock: ReadonlyMap<string, number>;
  /** As often as payment was asked; one that was charged already is charged no more. */
  readonly charges: readonly Charge[];
}

/** An order as its table holds it. */
export interface BookedOrder {
  readonly order_uuid: string;
  readonly status: string;
  readonly part_uuids: readonly string[];
  readonly transaction_uuid: string | null;
  readonly payment_started_at: Date | null;
}

/** What is kept for an order, or sold to it. */
export interface Reservation {
  readonly order_uuid: string;
  readonly part_uuids: readonly string[];
  readonly quantities: readonly number[];
  readonly is_sold: boolean;
}

/** Reads everything that must agree once nothing is under way any more. */
export async function readBooks(system: System): Promise<Books> {
  await using order = connect(system.variable("ORDER_POSTGRES_URL"));
  await using inventory = connect(system.variable("INVENTORY_POSTGRES_URL"));
  const parts = await inventory.sql<{ uuid: string; stock: number }[]>`
    select uuid, stock_quantity::int as stock from parts`;
  return {
    orders: await order.sql<BookedOrder[]>`
      select order_uuid, status, part_uuids, transaction_uuid, payment_started_at from orders`,
    events: await order.sql<Books["events"][number][]>`select order_uuid, event_type from outbox`,
    reservations: await inventory.sql<Reservation[]>`
      select order_uuid, part_uuids, quantities, expires_at is null as is_sold from reservations`,
    stock: new Map(parts.map(({ uuid, stock }) => [uuid, stock])),
    charges: await readCharges(system),
  };
}

/**
 * Holds the books against one another: every charge belongs to a paid order, once, and every paid order to a charge
 * and to one event; what is sold is what paid orders hold; and no piece is lost, made, or sold twice.
 *
 * @param before The stock before anything was ordered.
 */
export function assertBooksAgree(books: Books, before: ReadonlyMap<string, number>): void {
  const { orders, events, reservations, stock, charges } = books;
  const paid = orders.filter(({ status }) => status === "PAID");
  const uuids = (rows: readonly { readonly order_uuid: string }[]) =>
    rows.map((row) => row.order_uuid).toSorted();

  assert.deepEqual(uuids(events), uuids(paid), "every paid order has one event, and no other order has any");
  const transactions = new Map(
    charges.map(({ orderUuid, transactionUuid }) => [orderUuid, transactionUuid]),
  );
  assert.equal(new Set(charges.map(({ transactionUuid }) => transactionUuid)).size, transactions.size);
  assert.deepEqual([...transactions.keys()].toSorted(), uuids(paid), "what is charged is what is paid");
  for (const { order_uuid, transaction_uuid } of paid) {
    assert.equal(transaction_uuid, transactions.get(order_uuid));
  }

  const sold = reservations.filter(({ is_sold }) => is_sold);
  assert.deepEqual(uuids(sold), uuids(paid), "what is sold is what is paid");
  const held = new Map<string, number>();
  for (const { part_uuids, quantities } of reservations) {
    part_uuids.forEach((uuid, n) => held.set(uuid, (held.get(uuid) ?? 0) + (quantities[n] ?? 0)));
  }
  for (const [uuid, pieces] of stock) {
    assert.ok(pieces >= 0, `part ${uuid} has ${pieces} pieces`);
    assert.equal(pieces + (held.get(uuid) ?? 0), before.get(uuid), `the pieces of part ${uuid} add up`);
  }
}

/** Leaves so many pieces of one part on the shelf. @returns The part's UUID. */
export async function leavePieces(system: System, pieces: number): Promise<string> {
  await using inventory = connect(system.variable("INVENTORY_POSTGRES_URL"));
  const [part] = await inventory.sql<{ uuid: string }[]>`
    update parts set stock_quantity = ${pieces} where uuid = (select uuid from parts order by uuid limit 1)
    returning uuid`;
  assert.ok(part, "there are parts");
  return part.uuid;
}

function connect(url: string): { readonly sql: Sql } & AsyncDisposable {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}
