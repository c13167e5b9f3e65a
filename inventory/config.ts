import { SERVICE_NAMES, serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  duration,
  GRPC_DOOR_VARIABLES,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  host,
  port,
  postgresUrl,
  printDenoFlags,
  target,
} from "@rocket/platform/config";

const grpcHost = host("INVENTORY_GRPC_HOST", "127.0.0.1", GRPC_TLS);

/** Inventory's environment variables. */
export const INVENTORY_VARIABLES = {
  ...COMMON_VARIABLES,
  ...GRPC_TLS_VARIABLES,
  ...GRPC_DOOR_VARIABLES,
  grpcHost,
  grpcPort: port("INVENTORY_GRPC_PORT", 50051, grpcHost),
  postgresUrl: postgresUrl("INVENTORY_POSTGRES_URL"),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053", GRPC_TLS),
  serviceToken: serviceToken(),
  serviceNames: SERVICE_NAMES,
  reservationSweepIntervalMs: duration("RESERVATION_SWEEP_INTERVAL", "5s", "1h"),
} as const;

/** The files that inventory reads besides its own modules. */
export const INVENTORY_FILES = {
  migrations: new URL("../migrations/inventory/", import.meta.url).href,
} as const;

/** Inventory's configuration, checked. Times in milliseconds. */
export type InventoryConfig = Config<typeof INVENTORY_VARIABLES>;

/** The environment variables of the program that adds the example parts. */
export const SEED_VARIABLES = {
  logLevel: INVENTORY_VARIABLES.logLevel,
  logFormat: INVENTORY_VARIABLES.logFormat,
  postgresUrl: INVENTORY_VARIABLES.postgresUrl,
} as const;

if (import.meta.main) printDenoFlags(INVENTORY_VARIABLES, INVENTORY_FILES);
