import { centsOfPrice } from "@rocket/platform/core";
import { Metadata } from "@grpc/grpc-js";
import { addServiceToken, forwardSessionUUIDToGRPC, type ServiceToken } from "@rocket/platform/auth";
import type { Secret } from "@rocket/platform/config";
import { RemoteFailure, type RpcClient } from "@rocket/platform/grpc";
import { InventoryService, type Part as PartMessage, PartsFilter } from "@rocket/proto/inventory";
import { InsufficientStock } from "../model/failures.ts";
import { countPieces, type OrderFacts } from "../model/order.ts";
import type { Part } from "../model/part.ts";

/**
 * The inventory service. Every method throws `Unavailable` or `DeadlineExceeded` if it does not answer.
 */
export interface Inventory {
  /**
   * Finds parts in one call, as the session's user.
   *
   * @param uuids At least one: inventory would return all parts for an empty filter.
   * @returns The parts that exist, in any order.
   * @throws {Unauthenticated} if the session has ended.
   * @throws {RangeError} if inventory returns an invalid price.
   */
  findParts(uuids: readonly string[]): Promise<readonly Part[]>;
  /**
   * Reserves an order's pieces, or extends their reservation; as a service.
   *
   * @param ttlMs How long from now the reservation lasts, in milliseconds.
   * @throws {InsufficientStock} naming the parts that are short; then nothing is reserved.
   */
  reserveParts(order: Pick<OrderFacts, "orderUuid" | "partUuids">, ttlMs: number): Promise<void>;
  /** Marks an order's reserved pieces as sold; as a service. */
  commitParts(orderUuid: string): Promise<void>;
  /** Releases the reservation of an order, if it has one; as a service. */
  releaseParts(orderUuid: string): Promise<void>;
}

/** Creates the inventory client. */
export function createInventory(rpc: RpcClient<InventoryService>, token: Secret<ServiceToken>): Inventory {
  const asService = () => addServiceToken(new Metadata(), token);
  return {
    async findParts(uuids) {
      const filter = PartsFilter.create({ uuids: [...uuids] });
      const metadata = forwardSessionUUIDToGRPC(new Metadata());
      const { parts } = await rpc.listParts({ filter }, metadata);
      return parts.map(toPart);
    },

    async reserveParts({ orderUuid, partUuids }, ttlMs) {
      const items = [...countPieces(partUuids)].map(([partUuid, quantity]) => ({ partUuid, quantity }));
      const ttl = { seconds: Math.ceil(ttlMs / 1_000), nanos: 0 };
      const request = { orderUuid, items, ttl };
      try {
        await rpc.reserveParts(request, asService());
      } catch (error) {
        const isShort = error instanceof RemoteFailure && error.reason === "STOCK_TOO_LITTLE";
        throw isShort ? new InsufficientStock(error.message) : error;
      }
    },

    async commitParts(orderUuid) {
      await rpc.commitParts({ orderUuid }, asService());
    },

    async releaseParts(orderUuid) {
      await rpc.releaseParts({ orderUuid }, asService());
    },
  };
}

function toPart({ uuid, price }: PartMessage): Part {
  return { uuid: uuid.toLowerCase(), price: centsOfPrice(price) };
}
