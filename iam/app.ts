import { type Environment, readConfig } from "@rocket/platform/config";
import { type RunningService, startGrpcService } from "@rocket/platform/service";
import { fileURLToPath } from "node:url";
import { IAM_FILES, IAM_VARIABLES } from "./config.ts";
import { IamContainer } from "./di.ts";
import { warnOfEviction } from "./repository/eviction.ts";

/**
 * Starts IAM.
 *
 * @throws {InvalidConfig | Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export async function startIam(environment: Environment): Promise<RunningService> {
  const config = readConfig(IAM_VARIABLES, environment);
  const container = new IamContainer(config);
  const { log } = container;
  return await startGrpcService({
    log,
    server: container.server,
    serviceNames: ["auth.v1.AuthService", "user.v1.UserService"],
    host: config.grpcHost,
    port: config.grpcPort,
    stores: container.stores,
    migrations: { url: config.postgresUrl, directory: fileURLToPath(IAM_FILES.migrations) },
    beforeListening: () => warnOfEviction(container.redis, log),
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    container,
  });
}
