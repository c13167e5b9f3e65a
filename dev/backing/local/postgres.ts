import { createHash } from "node:crypto";
import { join } from "node:path";
import { exists, lockFile, removeFolder } from "../files.ts";
import { postgresArgs, SUPERUSER } from "../stores.ts";
import { makeFolderFor, run } from "./account.ts";
import { initdbOf } from "./programs.ts";
import type { Place, ServerCommand } from "./server.ts";

/** Prepares a private Postgres, with a new password for its superuser. */
export async function preparePostgres(place: Place): Promise<ServerCommand> {
  const { data, port, password, program, account, reused } = place;
  if (!await exists(data)) await createCluster(place);
  // Before the server starts, so that no client can log in earlier.
  const input = `alter role ${SUPERUSER} password '${password}'\n`;
  await run(program.path, ["--single", "-D", data, "postgres"], { account, cwd: data, input });
  const args = postgresArgs(reused === undefined, {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No socket: it would be one more door, and its path has a limit of 107 characters.
    unix_socket_directories: "",
  });
  return { args: ["-D", data, ...args], input: "", stopSignal: "INT" };
}

async function createCluster(place: Place): Promise<void> {
  const { data, account, reused } = place;
  // Under another name until it is complete: a folder of the right name is a complete one.
  const draft = `${data}.new`;
  await removeFolder(draft);
  await makeFolderFor(account, draft);
  if (reused === undefined) await initialize(draft, place);
  else await run("tar", ["-xf", await clusterArchive(reused, place), "-C", draft], { cwd: draft });
  await Deno.rename(draft, data);
}

/** Finds the archive of an empty cluster, or makes it: unpacking one takes a tenth of the time of initdb. */
async function clusterArchive(folder: string, place: Place): Promise<string> {
  const { program, account } = place;
  const origin = JSON.stringify([program, account, INITDB]);
  const archive = join(
    folder,
    `cluster-${createHash("sha256").update(origin).digest("hex").slice(0, 12)}.tar`,
  );
  if (await exists(archive)) return archive;
  using _lock = await lockFile(`${archive}.lock`);
  if (await exists(archive)) return archive;
  const cluster = join(place.folder, "cluster");
  await makeFolderFor(account, cluster);
  await initialize(cluster, place, ["--no-sync"]);
  await run("tar", ["-cf", `${archive}.new`, "-C", cluster, "."], { cwd: folder });
  await Deno.rename(`${archive}.new`, archive);
  await removeFolder(cluster);
  return archive;
}

async function initialize(
  folder: string,
  { program, account }: Place,
  more: readonly string[] = [],
): Promise<void> {
  await run(await initdbOf(program), [...INITDB, ...more, "--pgdata", folder], { account, cwd: folder });
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
