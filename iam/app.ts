import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { IAM_VARIABLES } from "./config.ts";
import { wireIam } from "./di.ts";

/**
 * Starts IAM.
 *
 * @throws {Unavailable | StartError} after closing everything that was opened.
 */
export async function startIam(environment: Environment): Promise<RunningService> {
  return await startService(await wireIam(readConfig(IAM_VARIABLES, environment)));
}
