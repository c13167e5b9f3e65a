import { type Needs, printDenoFlags, storeTarget } from "@rocket/platform/config";
import { INVENTORY_VARIABLES, type InventoryConfig } from "./config.ts";

/** The folder of inventory's migrations. */
export const MIGRATIONS = new URL("../migrations/inventory/", import.meta.url).href;

/** What inventory needs of the machine. */
export function inventoryNeeds(config: InventoryConfig): Needs {
  return {
    listen: [{ host: config.grpcHost, port: config.grpcPort }],
    dial: [storeTarget(config.postgresUrl, 5432), config.iamTarget],
    environment: Object.values(INVENTORY_VARIABLES).map(({ name }) => name),
    read: [MIGRATIONS],
  };
}

if (import.meta.main) printDenoFlags(INVENTORY_VARIABLES, inventoryNeeds);
