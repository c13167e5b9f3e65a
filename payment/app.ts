import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startGrpcService } from "@rocket/platform/service";
import { PAYMENT_VARIABLES } from "./config.ts";
import { PaymentContainer } from "./di.ts";
import { warnOfFault } from "./fault.ts";

/**
 * Starts payment.
 *
 * @throws {InvalidConfig | CannotListen} with all that was opened closed again.
 */
export async function startPayment(environment: Environment): Promise<RunningService> {
  const config = readConfig(PAYMENT_VARIABLES, environment);
  const container = new PaymentContainer(config);
  const { log } = container;
  log.warn("standing in for a payment provider, no money moves");
  warnOfFault(config.fault, log);
  return await startGrpcService({
    log,
    server: container.server,
    serviceNames: ["payment.v1.PaymentService"],
    host: config.grpcHost,
    port: config.grpcPort,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    container,
  });
}
