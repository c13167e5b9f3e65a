import type { Logger } from "@rocket/platform";
import type { Inventory } from "../client/inventory.ts";
import { totalCents } from "../model/cents.ts";
import { NotTheOwnUser, PartsNotFound, TooLittleStock } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import type { Part } from "../model/part.ts";
import type { OrderRepository } from "../repository/orders.ts";

/** What a session's user asks for; UUIDs in canonical form. */
export interface OrderRequest {
  /** The session's user. */
  readonly userUuid: string;
  /** Whom the order is said to be for; the session's user where it is not said. */
  readonly forUserUuid?: string | undefined;
  /** 1 to 100 pieces. */
  readonly partUuids: readonly string[];
}

/**
 * Places an order that waits to be paid: all its pieces or none.
 *
 * @throws {NotTheOwnUser} when it is said to be for somebody else.
 * @throws {PartsNotFound} naming every part that does not exist.
 * @throws {TooLittleStock} naming every part with fewer pieces than are ordered.
 */
export type CreateOrder = (request: OrderRequest) => Promise<Order>;

/** What placing an order needs. */
export interface CreateOrderDependencies {
  readonly orders: OrderRepository;
  readonly inventory: Inventory;
  readonly log: Logger;
}

/** Creates the rule of placing an order. */
export function createCreateOrder({ orders, inventory, log }: CreateOrderDependencies): CreateOrder {
  return async ({ userUuid, forUserUuid = userUuid, partUuids }) => {
    if (forUserUuid !== userUuid) throw new NotTheOwnUser();
    const pieces = countPieces(partUuids);
    const lines = toLines(pieces, await inventory.findParts([...pieces.keys()]));
    refuseShortages(lines);
    const order: Order = {
      orderUuid: crypto.randomUUID(),
      userUuid,
      partUuids,
      totalPrice: totalCents(lines.map(({ part, pieces }) => ({ price: part.price, pieces }))),
      status: "PENDING_PAYMENT",
      payment: undefined,
    };
    await orders.add(order);
    log.info({ order_uuid: order.orderUuid, user_uuid: userUuid, pieces: partUuids.length }, "order placed");
    return order;
  };
}

/** A part and how many pieces of it are ordered. */
interface OrderLine {
  readonly part: Part;
  readonly pieces: number;
}

function countPieces(partUuids: readonly string[]): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>();
  for (const uuid of partUuids) pieces.set(uuid, (pieces.get(uuid) ?? 0) + 1);
  return pieces;
}

function toLines(pieces: ReadonlyMap<string, number>, parts: readonly Part[]): readonly OrderLine[] {
  const found = new Map(parts.map((part) => [part.uuid, part]));
  const lines: OrderLine[] = [];
  const missing: string[] = [];
  for (const [uuid, count] of pieces) {
    const part = found.get(uuid);
    if (part === undefined) missing.push(uuid);
    else lines.push({ part, pieces: count });
  }
  if (missing.length > 0) throw new PartsNotFound(missing);
  return lines;
}

function refuseShortages(lines: readonly OrderLine[]): void {
  const shortages = lines.filter(({ part, pieces }) => pieces > part.stock)
    .map(({ part, pieces }) => ({ partUuid: part.uuid, ordered: pieces, stock: part.stock }));
  if (shortages.length > 0) throw new TooLittleStock(shortages);
}
