import { type Needs, printDenoFlags, storeTarget } from "@rocket/platform/config";
import { SEED_VARIABLES, type SeedConfig } from "./config.ts";

/** What `seed.ts` needs of the machine: its database and nothing else. */
export function seedNeeds(config: SeedConfig): Needs {
  return {
    listen: [],
    dial: [storeTarget(config.postgresUrl, 5432)],
    environment: Object.values(SEED_VARIABLES).map(({ name }) => name),
    read: [],
  };
}

if (import.meta.main) printDenoFlags(SEED_VARIABLES, seedNeeds);
