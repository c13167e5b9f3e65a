import { fileURLToPath } from "node:url";
import { type Access, createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { warnOfPlaintext } from "@rocket/platform/config";
import { authInterceptor, createClient, createGrpcDoor, rpcService } from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import type { ServiceParts } from "@rocket/platform/service";
import { watchGrpcTls } from "@rocket/platform/tls";
import { AuthService } from "@rocket/proto/iam";
import { InventoryService } from "@rocket/proto/inventory";
import { createInventoryApi } from "./api/inventory.ts";
import { INVENTORY_FILES, INVENTORY_VARIABLES, type InventoryConfig } from "./config.ts";
import { createPartRepository } from "./repository/parts.ts";
import { createReservationRepository } from "./repository/reservations.ts";
import { createCommitParts } from "./service/commit_parts.ts";
import { createEndExpired } from "./service/end_expired.ts";
import { createGetPart } from "./service/get_part.ts";
import { createListParts } from "./service/list_parts.ts";
import { createReleaseParts } from "./service/release_parts.ts";
import { createReserveParts } from "./service/reserve_parts.ts";

/** Users can't move the pieces of an order themselves; the order service does, as the order's status changes. */
const ACCESS: Readonly<Record<string, Access>> = {
  [InventoryService.reserveParts.path]: "service",
  [InventoryService.commitParts.path]: "service",
  [InventoryService.releaseParts.path]: "service",
};

/** A filter with the most values that it may have in each field, 50 bytes each. */
const MAX_REQUEST_BYTES = 256 * 1024;

/** Creates inventory's parts and connects them. */
export function wireInventory(config: InventoryConfig): ServiceParts {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "inventory", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(INVENTORY_VARIABLES, config, log);
  const tls = owned.use(watchGrpcTls(config, log));
  const postgres = owned.use(createPostgres(config.postgresUrl));
  const iam = owned.use(createClient(AuthService, "iam", config.iamTarget, tls));

  const parts = createPartRepository(postgres);
  const reservations = createReservationRepository(postgres);

  const endExpired = createEndExpired(reservations, log);
  const api = createInventoryApi({
    getPart: createGetPart(parts),
    listParts: createListParts(parts),
    reserveParts: createReserveParts({ reservations, endExpired, log }),
    commitParts: createCommitParts(reservations, log),
    releaseParts: createReleaseParts(reservations, log),
  });

  const authorize = createAuthorize({
    verify: createSessionVerifier(iam),
    serviceToken: config.serviceToken,
    serviceNames: config.serviceNames,
  });
  const door = createGrpcDoor({
    log,
    host: config.grpcHost,
    port: config.grpcPort,
    tls,
    interceptors: [authInterceptor({ authorize, access: ACCESS, log })],
    services: [rpcService(InventoryService, api)],
    reflection: config.grpcReflection === "on",
    maxRequestBytes: MAX_REQUEST_BYTES,
  });

  return {
    log,
    doors: [door],
    work: [{
      name: "end expired reservations",
      everyMs: config.reservationSweepIntervalMs,
      run: (closing) => endExpired({ closing }),
    }],
    stores: { postgres: () => postgres.query((sql) => sql`select 1`) },
    async prepare() {
      await migrate({
        url: config.postgresUrl.value,
        directory: fileURLToPath(INVENTORY_FILES.migrations),
        log,
      });
    },
    config,
    owned,
  };
}
