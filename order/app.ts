import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startHttpService } from "@rocket/platform/service";
import { fileURLToPath } from "node:url";
import { ORDER_FILES, ORDER_VARIABLES } from "./config.ts";
import { OrderContainer } from "./di.ts";

/**
 * Starts the order service.
 *
 * @throws {InvalidConfig | Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export async function startOrder(environment: Environment): Promise<RunningService> {
  const config = readConfig(ORDER_VARIABLES, environment);
  const container = new OrderContainer(config);
  const running = await startHttpService({
    log: container.log,
    handler: container.app.fetch,
    stopping: container.stopping,
    host: config.httpHost,
    port: config.httpPort,
    stores: container.stores,
    migrations: { url: config.postgresUrl, directory: fileURLToPath(ORDER_FILES.migrations) },
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    container,
  });
  container.beginWork();
  return running;
}
