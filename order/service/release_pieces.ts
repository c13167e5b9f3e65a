import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";

/** Puts a cancelled order's pieces back on the shelf, if that can be done now: otherwise they go back by themselves. */
export type ReleasePieces = (orderUuid: string) => Promise<void>;

/** Creates the release-pieces use case. */
export function createReleasePieces(inventory: Pick<Inventory, "releaseParts">, log: Logger): ReleasePieces {
  return async (orderUuid) => {
    try {
      await inventory.releaseParts(orderUuid);
    } catch (error) {
      // The order is cancelled all the same, and its reservation has an end.
      log.warn({ err: error, order_uuid: orderUuid }, "pieces not released; their reservation runs out");
    }
  };
}
