import { dirname, join } from "node:path";
import type { StoreName } from "../backing.ts";
import { statIfExists } from "../files.ts";
import { run } from "./account.ts";

/** A Postgres that is installed on this machine. */
export interface PostgresProgram {
  readonly postgres: string;
  readonly initdb: string;
  /** As it calls itself: `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
}

/** A Redis that is installed on this machine. */
export interface RedisProgram {
  readonly redis: string;
  readonly version: string;
}

/** The programs that this machine has; `missing` says why for each one that it lacks. */
export interface Programs {
  readonly postgres: PostgresProgram | undefined;
  readonly redis: RedisProgram | undefined;
  readonly missing: Readonly<Record<StoreName, string>>;
}

const OLDEST_POSTGRES = 15;
const OLDEST_REDIS = 7;
// Debian keeps them here, and does not add the folder to PATH.
const DEBIAN_POSTGRES = "/usr/lib/postgresql";

/** Looks for Postgres and Redis in a search path, and for Postgres in Debian's folder. */
export async function findPrograms(searchPath: string | undefined): Promise<Programs> {
  const folders = (searchPath ?? "").split(":").filter((folder) => folder !== "");
  const [postgres, redis] = await Promise.all([
    firstRecent([...folders, ...await debianFolders()], "postgres", OLDEST_POSTGRES),
    firstRecent(folders, "redis-server", OLDEST_REDIS),
  ]);
  return {
    postgres: postgres.found && {
      postgres: postgres.found.path,
      // A link in the PATH need not have its neighbours beside it.
      initdb: join(dirname(await Deno.realPath(postgres.found.path)), "initdb"),
      version: postgres.found.version,
    },
    redis: redis.found && { redis: redis.found.path, version: redis.found.version },
    missing: { postgres: postgres.missing, redis: redis.missing },
  };
}

interface Search {
  readonly found: { readonly path: string; readonly version: string } | undefined;
  readonly missing: string;
}

async function firstRecent(folders: readonly string[], name: string, oldest: number): Promise<Search> {
  let missing = `no ${name} in PATH${name === "postgres" ? ` or ${DEBIAN_POSTGRES}` : ""}`;
  for (const folder of folders) {
    const path = join(folder, name);
    if (!(await statIfExists(path))?.isFile) continue;
    const version = versionIn(await run(path, ["--version"], { cwd: "/" }));
    if (Number.parseInt(version) >= oldest) return { found: { path, version }, missing: "" };
    missing = `${path} is ${version}, older than ${oldest}`;
  }
  return { found: undefined, missing };
}

/** The version in "postgres (PostgreSQL) 15.18 (Debian …)" or in "Redis server v=7.0.15 sha=…". */
function versionIn(text: string): string {
  return (/\) (\S.*)/.exec(text) ?? /v=(\S+)/.exec(text))?.[1] ?? "";
}

async function debianFolders(): Promise<string[]> {
  try {
    const versions = await Array.fromAsync(Deno.readDir(DEBIAN_POSTGRES), ({ name }) => name);
    const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
    return newestFirst.map((version) => join(DEBIAN_POSTGRES, version, "bin"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
