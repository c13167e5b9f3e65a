import type { InventoryService } from "@rocket/proto/inventory";
import type { UnaryHandlers } from "../grpc/service.ts";

type InventoryHandlers = UnaryHandlers<InventoryService>;

/** Handlers of inventory's methods; calls of those not given are rejected. */
export function inventoryHandlers(given: Partial<InventoryHandlers>): InventoryHandlers {
  const notExpected = () => Promise.reject(new Error("unexpected call"));
  return {
    getPart: notExpected,
    listParts: notExpected,
    reserveParts: notExpected,
    commitParts: notExpected,
    releaseParts: notExpected,
    ...given,
  };
}
