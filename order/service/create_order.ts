import { totalCents } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";
import { NotTheOwnUser, PartsNotFound, RequestUnderWay, TooManyUnpaidOrders } from "../model/failures.ts";
import type { ClaimedAnswer } from "../model/idempotency.ts";
import { countPieces, type Order } from "../model/order.ts";
import type { Part } from "../model/part.ts";
import { mayPlaceAnother, type UnpaidOrders } from "../model/unpaid_orders.ts";
import type { OrderRepository } from "../repository/orders.ts";
import type { ExtendReservation } from "./extend_reservation.ts";
import type { ReleasePieces } from "./release_pieces.ts";

/** A request to place an order; UUIDs in canonical form. */
export interface OrderRequest {
  /** The session's user. */
  readonly userUuid: string;
  /** The user the order is for, if the request names one. */
  readonly forUserUuid?: string | undefined;
  /** 1 to 100 pieces. */
  readonly partUuids: readonly string[];
}

/**
 * Places an unpaid order: all its pieces or none. They are reserved for a minute, and once the order is written until it
 * can no longer be paid. If the order can't be written, their reservation expires by itself.
 *
 * @param claimed Gives the answer to store for the claim of the request, if it has one.
 * @throws {NotTheOwnUser} if it is for another user.
 * @throws {TooManyUnpaidOrders} if the user would have too many unpaid orders, or too many pieces in them.
 * @throws {PartsNotFound} naming every part that does not exist.
 * @throws {InsufficientStock} naming every part with fewer pieces than are ordered.
 * @throws {RequestUnderWay} if the claim has been lost.
 */
export type CreateOrder = (
  request: OrderRequest,
  claimed?: (order: Order) => ClaimedAnswer | undefined,
) => Promise<Order>;

/** Dependencies of the place-order use case. */
export interface CreateOrderDependencies {
  readonly orders: Pick<OrderRepository, "add" | "countUnpaid">;
  readonly inventory: Pick<Inventory, "findParts" | "reserveParts">;
  readonly releasePieces: ReleasePieces;
  /** The most that one user may have unpaid. */
  readonly maxUnpaid: UnpaidOrders;
  readonly extendReservation: ExtendReservation;
  /** How long recovery leaves the reservation of an order alone after it was placed, in milliseconds. */
  readonly extendAfterMs: number;
  readonly log: Logger;
}

/**
 * How long pieces are reserved for an order that has not been written yet, in milliseconds: longer than a request lasts,
 * and short enough that retries against a database that is down don't keep pieces from other users.
 */
export const FIRST_RESERVATION_MS = 60_000;

/** Creates the place-order use case. */
export function createCreateOrder(
  { orders, inventory, releasePieces, maxUnpaid, extendReservation, extendAfterMs, log }:
    CreateOrderDependencies,
): CreateOrder {
  return async ({ userUuid, forUserUuid = userUuid, partUuids }, claimed) => {
    if (forUserUuid !== userUuid) throw new NotTheOwnUser();
    // The limit is enforced when the order is added; here it spares inventory the work for most refused orders.
    const unpaid = await orders.countUnpaid(userUuid);
    if (!mayPlaceAnother(unpaid, partUuids.length, maxUnpaid)) throw new TooManyUnpaidOrders(maxUnpaid);
    const pieces = countPieces(partUuids);
    const prices = toPrices(pieces, await inventory.findParts([...pieces.keys()]));
    const order: Order = {
      orderUuid: crypto.randomUUID(),
      userUuid,
      partUuids,
      totalPrice: totalCents(prices),
      status: "PENDING_PAYMENT",
    };
    await inventory.reserveParts(order, FIRST_RESERVATION_MS);
    const outcome = await orders.add(order, maxUnpaid, extendAfterMs, claimed?.(order));
    if (outcome !== "added") {
      await releasePieces(order.orderUuid);
      throw outcome === "claim lost" ? new RequestUnderWay() : new TooManyUnpaidOrders(maxUnpaid);
    }
    log.info({ order_uuid: order.orderUuid, user_uuid: userUuid, pieces: partUuids.length }, "order placed");
    await extendReservation(order);
    return order;
  };
}

function toPrices(pieces: ReadonlyMap<string, number>, parts: readonly Part[]) {
  const found = new Map(parts.map((part) => [part.uuid, part]));
  const missing = [...pieces.keys()].filter((uuid) => !found.has(uuid));
  if (missing.length > 0) throw new PartsNotFound(missing);
  return [...pieces].flatMap(([uuid, count]) => {
    const part = found.get(uuid);
    return part === undefined ? [] : [{ price: part.price, pieces: count }];
  });
}
