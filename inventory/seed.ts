import "@rocket/platform/refuse-broken-runtime";
import { InvalidConfig, readConfig } from "@rocket/platform/config";
import { explainFailure, Failure } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createPostgres } from "@rocket/platform/postgres";
import { SEED_VARIABLES } from "./config.ts";
import { createPartRepository } from "./repository/parts.ts";
import { SEED_PARTS } from "./seed/parts.ts";

try {
  const config = readConfig(SEED_VARIABLES, (name) => Deno.env.get(name));
  const log = createLogger({ service: "inventory", level: config.logLevel, format: config.logFormat });
  await using postgres = createPostgres(config.postgresUrl, { connections: 1 });
  const added = await createPartRepository(postgres).addMissing(SEED_PARTS);
  log.info({ added, all: SEED_PARTS.length }, "parts seeded");
} catch (error) {
  // A mistake in the configuration needs no stack; any other error is a defect and shows its own.
  if (!(error instanceof InvalidConfig || error instanceof Failure)) throw error;
  Deno.stderr.writeSync(new TextEncoder().encode(`${explainFailure(error)}\n`));
  Deno.exitCode = 1;
}
