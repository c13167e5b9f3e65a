import type { Server } from "@grpc/grpc-js";
import { addHealth } from "../grpc/health.ts";
import { addReflection } from "../grpc/reflection.ts";
import { listenGrpc, shutDownGrpc } from "../grpc/server.ts";
import { watchStores } from "./store_watch.ts";
import type { RunningService } from "./run_service.ts";
import { type ServiceParts, startService } from "./start_service.ts";

/** What a gRPC service is made of, as its container built it. */
export interface GrpcServiceParts extends ServiceParts {
  /** The server, with its services added. */
  readonly server: Server;
  /** The full names of those services, for `grpc.health.v1` and reflection. */
  readonly serviceNames: readonly string[];
}

/**
 * Starts a gRPC service: stores answer, migrations done, port bound, and only then healthy. Disposing stops
 * it the other way round: unhealthy, calls under way finished, clients and pools closed.
 *
 * @throws {Unavailable | MigrationFailed | CannotListen} with all that was opened closed again.
 */
export function startGrpcService(parts: GrpcServiceParts): Promise<RunningService> {
  const { log, server, serviceNames, host, port, stores = {}, shutdownTimeoutMs } = parts;
  return startService(parts, async (opened) => {
    const health = addHealth(server, serviceNames);
    const reflection = addReflection(server, serviceNames, log);
    const bound = await listenGrpc(server, host, port);
    opened.defer(() => shutDownGrpc(server, shutdownTimeoutMs));
    opened.use(reflection);
    opened.use(health);
    opened.use(watchStores(stores, health, log));
    return bound;
  });
}
