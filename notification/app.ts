import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { NOTIFICATION_VARIABLES } from "./config.ts";
import { wireNotification } from "./di.ts";

/**
 * Starts notification.
 *
 * @throws {Failure | StartError} after closing everything that was opened.
 */
export async function startNotification(environment: Environment): Promise<RunningService> {
  return await startService(wireNotification(readConfig(NOTIFICATION_VARIABLES, environment)));
}
