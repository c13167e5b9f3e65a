import { serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  duration,
  host,
  port,
  postgresUrl,
  target,
} from "@rocket/platform/config";

/** Inventory's environment variables. */
export const INVENTORY_VARIABLES = {
  ...COMMON_VARIABLES,
  grpcHost: host("INVENTORY_GRPC_HOST", "127.0.0.1"),
  grpcPort: port("INVENTORY_GRPC_PORT", 50051),
  postgresUrl: postgresUrl("INVENTORY_POSTGRES_URL"),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053"),
  serviceToken: serviceToken(),
  reservationSweepIntervalMs: duration("RESERVATION_SWEEP_INTERVAL", "5s", "1h"),
} as const;

/** Inventory's configuration, checked. Times in milliseconds. */
export type InventoryConfig = Config<typeof INVENTORY_VARIABLES>;

/** What the program reads that adds the parts of the examples. */
export const SEED_VARIABLES = {
  logLevel: INVENTORY_VARIABLES.logLevel,
  logFormat: INVENTORY_VARIABLES.logFormat,
  postgresUrl: INVENTORY_VARIABLES.postgresUrl,
} as const;

/** The seed's configuration, checked. */
export type SeedConfig = Config<typeof SEED_VARIABLES>;
