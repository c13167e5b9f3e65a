import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { ASSEMBLY_VARIABLES } from "./config.ts";
import { wireAssembly } from "./di.ts";

/**
 * Starts assembly.
 *
 * @throws {Failure | StartError} after closing everything that was opened.
 */
export async function startAssembly(environment: Environment): Promise<RunningService> {
  return await startService(wireAssembly(readConfig(ASSEMBLY_VARIABLES, environment)));
}
