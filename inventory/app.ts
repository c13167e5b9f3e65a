import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startGrpcService } from "@rocket/platform/service";
import { fileURLToPath } from "node:url";
import { INVENTORY_FILES, INVENTORY_VARIABLES } from "./config.ts";
import { InventoryContainer } from "./di.ts";

/**
 * Starts inventory.
 *
 * @throws {InvalidConfig | Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export async function startInventory(environment: Environment): Promise<RunningService> {
  const config = readConfig(INVENTORY_VARIABLES, environment);
  const container = new InventoryContainer(config);
  const running = await startGrpcService({
    log: container.log,
    server: container.server,
    serviceNames: ["inventory.v1.InventoryService"],
    host: config.grpcHost,
    port: config.grpcPort,
    stores: container.stores,
    migrations: { url: config.postgresUrl, directory: fileURLToPath(INVENTORY_FILES.migrations) },
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    container,
  });
  container.startSweeping();
  return running;
}
