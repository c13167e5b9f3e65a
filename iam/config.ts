import { serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  duration,
  host,
  integer,
  port,
  postgresUrl,
  redisUrl,
} from "@rocket/platform/config";

/** IAM's environment variables. */
export const IAM_VARIABLES = {
  ...COMMON_VARIABLES,
  grpcHost: host("IAM_GRPC_HOST", "127.0.0.1"),
  grpcPort: port("IAM_GRPC_PORT", 50053),
  postgresUrl: postgresUrl("IAM_POSTGRES_URL"),
  redisUrl: redisUrl("IAM_REDIS_URL"),
  serviceToken: serviceToken(),
  sessionTtlMs: duration("SESSION_TTL", "24h"),
  argon2MemoryKib: integer("ARGON2_MEMORY_KIB", 19_456, { min: 8, max: 4_194_304 }),
  argon2Passes: integer("ARGON2_PASSES", 2, { min: 1, max: 100 }),
  argon2Lanes: integer("ARGON2_LANES", 1, { min: 1, max: 64 }),
  argon2Concurrency: integer("ARGON2_CONCURRENCY", Math.max(1, navigator.hardwareConcurrency - 1), {
    min: 1,
    max: 256,
  }),
  argon2Queue: integer("ARGON2_QUEUE", 128, { min: 0, max: 100_000 }),
} as const;

/** IAM's configuration, checked. Times in milliseconds. */
export type IamConfig = Config<typeof IAM_VARIABLES>;
