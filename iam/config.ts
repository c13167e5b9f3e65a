import { SERVICE_NAMES, serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  duration,
  GRPC_DOOR_VARIABLES,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  host,
  HTTP_DOOR_VARIABLES,
  HTTP_TLS,
  HTTP_TLS_VARIABLES,
  httpUrl,
  integer,
  oneOf,
  optional,
  OPTIONAL_KAFKA_VARIABLES,
  port,
  postgresUrl,
  printDenoFlags,
  proxies,
  rate,
  redisUrl,
} from "@rocket/platform/config";
import { DOCS_ASSETS } from "@rocket/platform/http";
import { KAFKA_FILES } from "@rocket/platform/kafka-files";
import { MIN_CODE_POINTS } from "./model/password.ts";

const grpcHost = host("IAM_GRPC_HOST", "127.0.0.1", GRPC_TLS);
const httpHost = host("IAM_HTTP_HOST", "127.0.0.1", HTTP_TLS);

/** IAM's environment variables. */
export const IAM_VARIABLES = {
  ...COMMON_VARIABLES,
  ...OPTIONAL_KAFKA_VARIABLES,
  ...GRPC_TLS_VARIABLES,
  ...HTTP_TLS_VARIABLES,
  ...GRPC_DOOR_VARIABLES,
  ...HTTP_DOOR_VARIABLES,
  grpcHost,
  grpcPort: port("IAM_GRPC_PORT", 50053, grpcHost),
  httpHost,
  httpPort: port("IAM_HTTP_PORT", 8081, httpHost),
  trustedProxies: proxies("TRUSTED_PROXIES"),
  postgresUrl: postgresUrl("IAM_POSTGRES_URL"),
  redisUrl: redisUrl("IAM_REDIS_URL"),
  throttleRedisUrl: optional(redisUrl("IAM_THROTTLE_REDIS_URL")),
  throttles: oneOf("THROTTLES", "on", ["on", "off"]),
  loginsPerAccountAndAddress: rate("THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS", "10/15m"),
  loginsPerAddress: rate("THROTTLE_LOGIN_PER_ADDRESS", "100/15m"),
  loginsPerAccount: rate("THROTTLE_LOGIN_PER_ACCOUNT", "1000/24h"),
  registrationsPerAddress: rate("THROTTLE_REGISTRATIONS_PER_ADDRESS", "100/1h"),
  mailsPerAddress: rate("THROTTLE_MAILS_PER_ADDRESS", "20/1h"),
  mailsPerAccount: rate("THROTTLE_MAILS_PER_ACCOUNT", "5/1h"),
  serviceToken: serviceToken(),
  serviceNames: SERVICE_NAMES,
  sessionTtlMs: duration("SESSION_TTL", "24h"),
  sessionIdleTtlMs: optional(duration("SESSION_IDLE_TTL", "")),
  sessionsPerUser: integer("SESSIONS_PER_USER", 50, { min: 1, max: 1_000 }),
  passwordMinLength: integer("PASSWORD_MIN_LENGTH", MIN_CODE_POINTS, { min: MIN_CODE_POINTS, max: 64 }),
  passwordRangeUrl: optional(httpUrl("PASSWORD_RANGE_URL")),
  argon2MemoryKib: integer("ARGON2_MEMORY_KIB", 19_456, { min: 8, max: 4_194_304 }),
  argon2Passes: integer("ARGON2_PASSES", 2, { min: 1, max: 100 }),
  argon2Lanes: integer("ARGON2_LANES", 1, { min: 1, max: 64 }),
  argon2Concurrency: integer("ARGON2_CONCURRENCY", Math.max(1, navigator.hardwareConcurrency - 1), {
    min: 1,
    max: 256,
  }),
  argon2Queue: integer("ARGON2_QUEUE", 128, { min: 0, max: 100_000 }),
} as const;

/** The files that IAM reads besides its own modules. */
export const IAM_FILES = {
  migrations: new URL("../migrations/iam/", import.meta.url).href,
  // Argon2's loader looks there to tell the platforms of one processor apart.
  read: ["file:///usr/bin/ldd", DOCS_ASSETS, KAFKA_FILES],
  // Argon2's native library lies in a package of its own for each platform, beside the one that loads it.
  nativeLibraries: [new URL("../../", import.meta.resolve("@node-rs/argon2")).href],
} as const;

/** IAM's configuration, checked. Times in milliseconds. */
export type IamConfig = Config<typeof IAM_VARIABLES>;

/** The environment variables of the operator's commands. */
export const OPERATOR_VARIABLES = {
  logLevel: IAM_VARIABLES.logLevel,
  logFormat: IAM_VARIABLES.logFormat,
  postgresUrl: IAM_VARIABLES.postgresUrl,
  redisUrl: IAM_VARIABLES.redisUrl,
  sessionTtlMs: IAM_VARIABLES.sessionTtlMs,
} as const;

if (import.meta.main) printDenoFlags(IAM_VARIABLES, IAM_FILES);
