import {
  COMMON_VARIABLES,
  type Config,
  duration,
  host,
  HTTP_TLS,
  HTTP_TLS_VARIABLES,
  integer,
  KAFKA_VARIABLES,
  port,
  postgresUrl,
  printDenoFlags,
  type Variable,
} from "@rocket/platform/config";
import { KAFKA_FILES } from "@rocket/platform/kafka-files";

const timeMinMs = duration("ASSEMBLY_TIME_MIN", "1s", "1d");

const timeMaxMs: Variable<number> = {
  ...duration("ASSEMBLY_TIME_MAX", "10s", "1d"),
  check: (longestMs, valueOf) =>
    longestMs < Number(valueOf(timeMinMs)) ? `no shorter than ${timeMinMs.name}` : undefined,
};

const adminHost = host("ASSEMBLY_ADMIN_HOST", "127.0.0.1", HTTP_TLS);

/** Assembly's environment variables. */
export const ASSEMBLY_VARIABLES = {
  ...COMMON_VARIABLES,
  ...HTTP_TLS_VARIABLES,
  ...KAFKA_VARIABLES,
  adminHost,
  adminPort: port("ASSEMBLY_ADMIN_PORT", 8083, adminHost),
  postgresUrl: postgresUrl("ASSEMBLY_POSTGRES_URL"),
  timeMinMs,
  timeMaxMs,
  concurrency: integer("ASSEMBLY_CONCURRENCY", 100, { min: 1, max: 1_000_000 }),
} as const;

/** The files that assembly reads besides its own modules. */
export const ASSEMBLY_FILES = {
  migrations: new URL("../migrations/assembly/", import.meta.url).href,
  read: [KAFKA_FILES],
} as const;

/** Assembly's configuration, checked. Times in milliseconds. */
export type AssemblyConfig = Config<typeof ASSEMBLY_VARIABLES>;

if (import.meta.main) printDenoFlags(ASSEMBLY_VARIABLES, ASSEMBLY_FILES);
