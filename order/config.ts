import { SERVICE_NAMES, serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  duration,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  host,
  HTTP_DOOR_VARIABLES,
  HTTP_TLS,
  HTTP_TLS_VARIABLES,
  integer,
  optional,
  OPTIONAL_KAFKA_VARIABLES,
  port,
  postgresUrl,
  printDenoFlags,
  rate,
  redisUrl,
  target,
} from "@rocket/platform/config";
import { DOCS_ASSETS } from "@rocket/platform/http";
import { KAFKA_FILES } from "@rocket/platform/kafka-files";

const httpHost = host("ORDER_HTTP_HOST", "127.0.0.1", HTTP_TLS);

/** The order service's environment variables. */
export const ORDER_VARIABLES = {
  ...COMMON_VARIABLES,
  ...OPTIONAL_KAFKA_VARIABLES,
  ...GRPC_TLS_VARIABLES,
  ...HTTP_TLS_VARIABLES,
  ...HTTP_DOOR_VARIABLES,
  httpHost,
  httpPort: port("ORDER_HTTP_PORT", 8080, httpHost),
  postgresUrl: postgresUrl("ORDER_POSTGRES_URL"),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053", GRPC_TLS),
  inventoryTarget: target("INVENTORY_GRPC_TARGET", "127.0.0.1:50051", GRPC_TLS),
  paymentTarget: target("PAYMENT_GRPC_TARGET", "127.0.0.1:50052", GRPC_TLS),
  serviceToken: serviceToken(),
  serviceNames: SERVICE_NAMES,
  paymentWindowMs: duration("ORDER_PAYMENT_WINDOW", "30m", "7d"),
  maxUnpaidOrders: integer("ORDER_MAX_UNPAID", 20, { min: 1, max: 1_000_000 }),
  maxUnpaidPieces: integer("ORDER_MAX_UNPAID_PIECES", 200, { min: 1, max: 100_000_000 }),
  recoverAfterMs: duration("ORDER_RECOVERY_AFTER", "30s", "1h"),
  workIntervalMs: duration("ORDER_WORK_INTERVAL", "5s", "1h"),
  /** Where limits are counted for all replicas; without it each replica counts for itself. */
  redisUrl: optional(redisUrl("ORDER_REDIS_URL")),
  ordersPerUser: rate("ORDER_LIMIT_ORDERS_PER_USER", "60/1m"),
  requestsPerSession: rate("ORDER_LIMIT_REQUESTS_PER_SESSION", "600/1m"),
  idempotencyLeaseMs: duration("ORDER_IDEMPOTENCY_LEASE", "30s", "1h"),
} as const;

/** The files that the order service reads besides its own modules. */
export const ORDER_FILES = {
  migrations: new URL("../migrations/order/", import.meta.url).href,
  read: [DOCS_ASSETS, KAFKA_FILES],
} as const;

/** The order service's configuration, checked. Times in milliseconds. */
export type OrderConfig = Config<typeof ORDER_VARIABLES>;

if (import.meta.main) printDenoFlags(ORDER_VARIABLES, ORDER_FILES);
