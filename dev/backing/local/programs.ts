import { dirname, join } from "node:path";
import type { Environment, StoreName } from "../backing.ts";
import { statIfExists } from "../files.ts";
import { jarsFolder } from "../kafka/jars.ts";
import { run } from "./account.ts";

/** A server program that is installed on this machine. */
export interface Program {
  readonly path: string;
  /** As it calls itself: `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
  /** The folder with the program, if `path` is the Java that runs it. */
  readonly jars?: string;
}

/** For each store its program, or a sentence that says why this machine has none. */
export type Programs = Readonly<Record<StoreName, Program | string>>;

const OLDEST_POSTGRES = 15;
const OLDEST_REDIS = 7;
const OLDEST_KAFKA = 4;
const OLDEST_JAVA = 17;
// Debian keeps them here, and does not add the folder to PATH.
const DEBIAN_POSTGRES = "/usr/lib/postgresql";

/** Looks for the stores' programs in the `PATH` and where `KAFKA_HOME`, Debian and {@linkcode jarsFolder} have them. */
export async function findPrograms(env: Environment): Promise<Programs> {
  const folders = (env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  const [postgres, redis, kafka] = await Promise.all([
    firstRecent([...folders, ...await debianFolders()], "postgres", OLDEST_POSTGRES),
    firstRecent(folders, "redis-server", OLDEST_REDIS),
    findKafka(env, folders),
  ]);
  return { postgres, redis, kafka };
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

/** The version in "postgres (PostgreSQL) 15.18 (Debian …)", "Redis server v=7.0.15 sha=…" or "openjdk 17.0.15 …". */
function versionIn(text: string): string {
  return (/\) (\S.*)/.exec(text) ?? /v=(\S+)/.exec(text) ?? /^\S+ (\d\S*)/.exec(text))?.[1] ?? "";
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

async function findKafka(env: Environment, folders: readonly string[]): Promise<Program | string> {
  const { KAFKA_HOME, JAVA_HOME } = env;
  const jars = KAFKA_HOME ? join(KAFKA_HOME, "libs") : jarsFolder(env);
  const version = await kafkaVersionIn(jars);
  if (version === undefined) return `no Kafka in ${jars}${KAFKA_HOME ? "" : ", and KAFKA_HOME is not set"}`;
  if (Number.parseInt(version) < OLDEST_KAFKA) {
    return `${jars} has Kafka ${version}, older than ${OLDEST_KAFKA}`;
  }
  const java = await firstRecent(
    [...(JAVA_HOME ? [join(JAVA_HOME, "bin")] : []), ...folders],
    "java",
    OLDEST_JAVA,
  );
  return typeof java === "string" ? java : { path: java.path, version, jars };
}

/** The version of the Kafka whose jars are in a folder: that of `kafka_2.13-4.4.0.jar`. */
async function kafkaVersionIn(folder: string): Promise<string | undefined> {
  if (!(await statIfExists(folder))?.isDirectory) return undefined;
  for await (const { name } of Deno.readDir(folder)) {
    const [, version] = /^kafka_2\.\d+-(\d\S*)\.jar$/.exec(name) ?? [];
    if (version !== undefined) return version;
  }
  return undefined;
}
