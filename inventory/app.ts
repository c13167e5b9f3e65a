import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { INVENTORY_VARIABLES } from "./config.ts";
import { wireInventory } from "./di.ts";

/**
 * Starts inventory.
 *
 * @throws {Unavailable | StartError} after closing everything that was opened.
 */
export async function startInventory(environment: Environment): Promise<RunningService> {
  return await startService(wireInventory(readConfig(INVENTORY_VARIABLES, environment)));
}
