import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { ORDER_VARIABLES } from "./config.ts";
import { wireOrder } from "./di.ts";

/**
 * Starts the order service.
 *
 * @throws {Unavailable | StartError} after closing everything that was opened.
 */
export async function startOrder(environment: Environment): Promise<RunningService> {
  return await startService(await wireOrder(readConfig(ORDER_VARIABLES, environment)));
}
