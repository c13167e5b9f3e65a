import { createHash } from "node:crypto";
import { join } from "node:path";
import { SUPERUSER } from "../databases.ts";
import { exists } from "../exists.ts";
import { lockFile } from "../file_lock.ts";
import { type Account, canReach, makeFolderFor } from "./account.ts";
import type { PostgresProgram } from "./programs.ts";
import { run } from "./run.ts";

/** What a data folder of Postgres is made with. */
export interface ClusterTools {
  readonly program: PostgresProgram;
  readonly account: Account | undefined;
  /** Where templates are kept from one run to the next. */
  readonly cache: string;
}

/**
 * Makes a data folder for Postgres as a copy of a template, which `initdb` makes once per machine, version and account.
 *
 * The superuser has no password yet, so nobody gets in: see {@link setSuperuserPassword}.
 *
 * @param lasts whether the data must stand a power cut
 */
export async function createCluster(folder: string, tools: ClusterTools, lasts: boolean): Promise<void> {
  const template = await clusterTemplate(tools);
  // Under another name until it is whole: a folder of the right name is a whole one.
  const draft = `${folder}.new`;
  await removeIfThere(draft);
  await run("cp", ["-a", template, draft], { cwd: "/" });
  if (lasts) {
    const { program, account } = tools;
    await run(program.initdb, ["--sync-only", "--pgdata", draft], { account, cwd: draft });
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
  await run(program.postgres, ["--single", "-D", folder, "postgres"], { account, cwd: folder, input });
}

/** The folder where templates are kept: the first of the usual places for caches that the account can get at. */
export async function clusterCache(
  env: Readonly<Record<string, string | undefined>>,
  account: Account | undefined,
): Promise<string> {
  const places = [env["XDG_CACHE_HOME"], env["HOME"] && join(env["HOME"], ".cache"), "/var/cache"];
  for (const place of places) {
    if (!place) continue;
    const cache = join(place, "rocket-factory");
    await Deno.mkdir(cache, { recursive: true });
    if (await canReach(account, cache)) return cache;
  }
  return await Deno.makeTempDir({ dir: "/tmp", prefix: "rocket-factory-cache-" });
}

async function clusterTemplate({ program, account, cache }: ClusterTools): Promise<string> {
  const version = program.version.replaceAll(/[^0-9A-Za-z.+~-]+/g, "_");
  const made = createHash("sha256").update([...INITDB, account?.name].join()).digest("hex").slice(0, 8);
  const template = join(cache, `postgres-${version}-${made}`);
  // Suites that start at once wait here for the first of them to make it.
  await using _lock = await lockFile(`${template}.lock`);
  if (await exists(template)) return template;
  const draft = `${template}.new`;
  await removeIfThere(draft);
  await makeFolderFor(account, draft);
  await run(program.initdb, [...INITDB, "--pgdata", draft], { account, cwd: draft });
  await Deno.rename(draft, template);
  return template;
}

// C.UTF-8 knows upper and lower case beyond ASCII and is there on every Linux; elsewhere en_US.UTF-8 is.
const LOCALE = Deno.build.os === "linux" ? "C.UTF-8" : "en_US.UTF-8";

const INITDB = [
  `--username=${SUPERUSER}`,
  // Passwords over TCP, and nobody through the local socket, which is not even opened.
  "--auth-host=scram-sha-256",
  "--auth-local=reject",
  "--encoding=UTF8",
  `--locale=${LOCALE}`,
];

async function removeIfThere(folder: string): Promise<void> {
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
}
