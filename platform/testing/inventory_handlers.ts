import type { InventoryService } from "@rocket/proto/inventory";
import type { UnaryHandlers } from "../grpc/service.ts";

type InventoryHandlers = UnaryHandlers<InventoryService>;

/** Handlers of inventory's methods as given; of the others nobody expects a call. */
export function inventoryHandlers(given: Partial<InventoryHandlers>): InventoryHandlers {
  const notExpected = () => Promise.reject(new Error("nobody calls this here"));
  return {
    getPart: notExpected,
    listParts: notExpected,
    reserveParts: notExpected,
    commitParts: notExpected,
    releaseParts: notExpected,
    ...given,
  };
}
