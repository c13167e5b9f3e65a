import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startService } from "@rocket/platform/service";
import { PAYMENT_VARIABLES } from "./config.ts";
import { wirePayment } from "./di.ts";

/**
 * Starts payment.
 *
 * @throws {StartError} after closing everything that was opened.
 */
export async function startPayment(environment: Environment): Promise<RunningService> {
  return await startService(wirePayment(readConfig(PAYMENT_VARIABLES, environment)));
}
