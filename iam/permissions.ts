import { type Needs, printDenoFlags, storeTarget } from "@rocket/platform/config";
import { IAM_VARIABLES, type IamConfig } from "./config.ts";

/** The folder of IAM's migrations. */
export const MIGRATIONS = new URL("../migrations/iam/", import.meta.url).href;

/** Argon2's native library lies in a package of its own for each platform, beside the one that loads it. */
const ARGON2 = new URL("../../", import.meta.resolve("@node-rs/argon2")).href;

/** Where Argon2's loader looks to tell the platforms of one processor apart. */
const LDD = "file:///usr/bin/ldd";

/** What IAM needs of the machine. */
export function iamNeeds(config: IamConfig): Needs {
  return {
    listen: [{ host: config.grpcHost, port: config.grpcPort }],
    dial: [storeTarget(config.postgresUrl, 5432), storeTarget(config.redisUrl, 6379)],
    environment: Object.values(IAM_VARIABLES).map(({ name }) => name),
    read: [MIGRATIONS, LDD],
    nativeLibraries: [ARGON2],
  };
}

if (import.meta.main) printDenoFlags(IAM_VARIABLES, iamNeeds);
