import { Metadata } from "@grpc/grpc-js";
import { callUnary, forwardSessionUUIDToGRPC } from "@rocket/platform";
import { type InventoryServiceClient, type Part as PartMessage, PartsFilter } from "@rocket/proto";
import { centsOfPrice } from "../model/cents.ts";
import type { Part } from "../model/part.ts";

/** The parts, at inventory. */
export interface Inventory {
  /**
   * Finds parts in one call, on behalf of the session's user.
   *
   * @param uuids At least one, as a filter without values lists all there is.
   * @returns Those that exist, in any order.
   * @throws {Unavailable | DeadlineExceeded} where inventory does not answer.
   * @throws {Unauthenticated} where the session ended meanwhile.
   * @throws {RangeError} where inventory's price is none: a fault.
   */
  findParts(uuids: readonly string[]): Promise<readonly Part[]>;
}

/** Creates the client over inventory's gRPC service. */
export function createInventory(stub: InventoryServiceClient): Inventory {
  return {
    async findParts(uuids) {
      const filter = PartsFilter.create({ uuids: [...uuids] });
      const metadata = forwardSessionUUIDToGRPC(new Metadata());
      const { parts } = await callUnary("inventory", stub.listParts.bind(stub), { filter }, metadata);
      return parts.map(toPart);
    },
  };
}

function toPart({ uuid, price, stockQuantity }: PartMessage): Part {
  return { uuid: uuid.toLowerCase(), price: centsOfPrice(price), stock: stockQuantity };
}
