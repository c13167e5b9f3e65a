import type { Logger } from "@rocket/platform/log";
import type { Inventory } from "../client/inventory.ts";

/** Releases a cancelled order's pieces, if inventory answers now; otherwise their reservation expires. */
export type ReleasePieces = (orderUuid: string) => Promise<void>;

/** Creates the release-pieces use case. */
export function createReleasePieces(inventory: Pick<Inventory, "releaseParts">, log: Logger): ReleasePieces {
  return async (orderUuid) => {
    try {
      await inventory.releaseParts(orderUuid);
    } catch (error) {
      // The order stays cancelled, and its reservation expires by itself.
      log.warn({ err: error, order_uuid: orderUuid }, "pieces not released; their reservation will expire");
    }
  };
}
