import { type Needs, printDenoFlags, storeTarget } from "@rocket/platform/config";
import { DOCS_ASSETS } from "./api/docs_assets.ts";
import { ORDER_VARIABLES, type OrderConfig } from "./config.ts";

/** The folder of the order service's migrations. */
export const MIGRATIONS = new URL("../migrations/order/", import.meta.url).href;

/** What the order service needs of the machine. */
export function orderNeeds(config: OrderConfig): Needs {
  return {
    listen: [{ host: config.httpHost, port: config.httpPort }],
    dial: [
      storeTarget(config.postgresUrl, 5432),
      config.iamTarget,
      config.inventoryTarget,
      config.paymentTarget,
    ],
    environment: Object.values(ORDER_VARIABLES).map(({ name }) => name),
    read: [MIGRATIONS, DOCS_ASSETS],
  };
}

if (import.meta.main) printDenoFlags(ORDER_VARIABLES, orderNeeds);
