import { dirname, join } from "node:path";
import type { StoreName } from "../backing.ts";
import { statIfExists } from "../files.ts";
import { run } from "./account.ts";

/** A server program that is installed on this machine. */
export interface Program {
  readonly path: string;
  /** As it calls itself: `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
}

/** For each store its program, or a sentence that says why this machine has none. */
export type Programs = Readonly<Record<StoreName, Program | string>>;

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
  return { postgres, redis };
}

/** The tool beside a program that makes its data folder: a link in the PATH need not have it beside itself. */
export async function initdbOf({ path }: Program): Promise<string> {
  return join(dirname(await Deno.realPath(path)), "initdb");
}

async function firstRecent(
  folders: readonly string[],
  name: string,
  oldest: number,
): Promise<Program | string> {
  let missing = `no ${name} in PATH${name === "postgres" ? ` or ${DEBIAN_POSTGRES}` : ""}`;
  for (const folder of folders) {
    const path = join(folder, name);
    if (!(await statIfExists(path))?.isFile) continue;
    const version = versionIn(await run(path, ["--version"], { cwd: "/" }));
    if (Number.parseInt(version) >= oldest) return { path, version };
    missing = `${path} is ${version}, older than ${oldest}`;
  }
  return missing;
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
