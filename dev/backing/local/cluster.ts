import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Environment } from "../backing.ts";
import { UnusableFolder } from "../errors.ts";
import { exists, lockFile, makePassable, removeFolder } from "../files.ts";
import { SUPERUSER } from "../stores.ts";
import { type Account, canReach, makeFolderFor, run } from "./account.ts";
import { initdbOf, type Program } from "./programs.ts";

/** What a data folder of Postgres is made with. */
export interface ClusterTools {
  readonly program: Program;
  readonly account: Account | undefined;
  /** Keeps templates between runs. */
  readonly cache: string;
}

/**
 * Makes a data folder for Postgres as a copy of a template, which `initdb` makes once per machine, version and account.
 *
 * The superuser has no password yet, so no one can log in: see {@link setSuperuserPassword}.
 *
 * @param lasts Whether the data must survive a power cut.
 */
export async function createCluster(folder: string, tools: ClusterTools, lasts: boolean): Promise<void> {
  const template = await clusterTemplate(tools);
  // Under another name until it is complete: a folder of the right name is a complete one.
  const draft = `${folder}.new`;
  await removeFolder(draft);
  await run("cp", ["-a", template, draft], { cwd: "/" });
  if (lasts) {
    const { program, account } = tools;
    await run(await initdbOf(program), ["--sync-only", "--pgdata", draft], { account, cwd: draft });
  }
  await Deno.rename(draft, folder);
}

/** Gives the superuser of a data folder a password, while no server runs on it. */
export async function setSuperuserPassword(
  folder: string,
  password: string,
  { program, account }: ClusterTools,
): Promise<void> {
  const input = `alter role ${SUPERUSER} password '${password}'\n`;
  await run(program.path, ["--single", "-D", folder, "postgres"], { account, cwd: folder, input });
}

/**
 * Finds a folder that keeps templates: the first of the usual places for caches that we can write and the account can
 * reach.
 *
 * @param last Serves if none of them does.
 */
export async function clusterCache(
  env: Environment,
  account: Account | undefined,
  last: string,
): Promise<string> {
  const places = [env["XDG_CACHE_HOME"], env["HOME"] && join(env["HOME"], ".cache"), "/var/cache"];
  for (const place of places) {
    if (!place) continue;
    const cache = join(place, "rocket-factory");
    if (await isUsable(cache) && await canReach(account, cache)) return cache;
  }
  return last;
}

async function isUsable(cache: string): Promise<boolean> {
  try {
    await makePassable(cache);
    return true;
  } catch (error) {
    if (error instanceof UnusableFolder) return false;
    throw error;
  }
}

async function clusterTemplate({ program, account, cache }: ClusterTools): Promise<string> {
  const version = program.version.replaceAll(/[^0-9A-Za-z.+~-]+/g, "_");
  const made = createHash("sha256").update([...INITDB, account?.name].join()).digest("hex").slice(0, 8);
  const template = join(cache, `postgres-${version}-${made}`);
  // Suites that start at the same time wait here for the first of them to make it.
  using _lock = await lockFile(`${template}.lock`);
  if (await exists(template)) return template;
  const draft = `${template}.new`;
  await removeFolder(draft);
  await makeFolderFor(account, draft);
  await run(await initdbOf(program), [...INITDB, "--pgdata", draft], { account, cwd: draft });
  await Deno.rename(draft, template);
  return template;
}

// C.UTF-8 has upper and lower case beyond ASCII and exists on every Linux; other systems have en_US.UTF-8.
const LOCALE = Deno.build.os === "linux" ? "C.UTF-8" : "en_US.UTF-8";

const INITDB = [
  `--username=${SUPERUSER}`,
  // Passwords over TCP, and no logins through the local socket, which is not even opened.
  "--auth-host=scram-sha-256",
  "--auth-local=reject",
  "--encoding=UTF8",
  `--locale=${LOCALE}`,
];
