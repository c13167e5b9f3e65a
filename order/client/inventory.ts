import { Metadata } from "@grpc/grpc-js";
import { addServiceToken, forwardSessionUUIDToGRPC, type ServiceToken } from "@rocket/platform/auth";
import { RemoteFailure, type RpcClient } from "@rocket/platform/grpc";
import { InventoryService, type Part as PartMessage, PartsFilter } from "@rocket/proto/inventory";
import { centsOfPrice } from "../model/cents.ts";
import { TooLittleStock } from "../model/failures.ts";
import { countPieces, type OrderFacts } from "../model/order.ts";
import type { Part } from "../model/part.ts";

/**
 * The parts, at inventory. Every method throws `Unavailable` or `DeadlineExceeded` where inventory does not answer.
 */
export interface Inventory {
  /**
   * Finds parts in one call, on behalf of the session's user.
   *
   * @param uuids At least one, as a filter without values lists all there is.
   * @returns Those that exist, in any order.
   * @throws {Unauthenticated} where the session ended meanwhile.
   * @throws {RangeError} where inventory's price is none: a fault.
   */
  findParts(uuids: readonly string[]): Promise<readonly Part[]>;
  /**
   * Keeps an order's pieces, or keeps them for longer; as a service, on nobody's behalf.
   *
   * @param ttlMs For how long from now, in milliseconds.
   * @throws {TooLittleStock} naming what is short; then none is kept.
   */
  reserveParts(order: Pick<OrderFacts, "orderUuid" | "partUuids">, ttlMs: number): Promise<void>;
  /** Marks an order's pieces as sold; as a service. They must have been kept. */
  commitParts(orderUuid: string): Promise<void>;
  /** Puts an order's pieces back, if any are kept; as a service. */
  releaseParts(orderUuid: string): Promise<void>;
}

/** Creates the client over inventory's gRPC service. */
export function createInventory(rpc: RpcClient<InventoryService>, token: ServiceToken): Inventory {
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
        throw isShort ? new TooLittleStock(error.message) : error;
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
