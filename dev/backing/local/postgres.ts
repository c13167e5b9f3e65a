import { freePort } from "@rocket/platform/free-port";
import { join } from "node:path";
import { exists, removeFolder } from "../files.ts";
import { newSecret, STORES, SUPERUSER } from "../stores.ts";
import type { StartedStore } from "../way.ts";
import { type Account, makeFolderFor, run } from "./account.ts";
import type { Home } from "./home.ts";
import { endOrphan } from "./processes.ts";
import { initdbOf, type Program } from "./programs.ts";
import { LocalServer } from "./server.ts";

/** Starts a private Postgres on a free port of 127.0.0.1, with a new password for its superuser. */
export async function startPostgres(
  home: Home,
  program: Program,
  account: Account | undefined,
): Promise<StartedStore> {
  const folder = join(home.folder, "postgres");
  const cluster = join(folder, "data");
  const [port, password] = [freePort(), newSecret()];
  await makeFolderFor(account, folder);
  await endOrphan(folder);
  if (!await exists(cluster)) await createCluster(cluster, program, account, home.lasts);
  // Without a server nobody can log in before the new password is set.
  const input = `alter role ${SUPERUSER} password '${password}'\n`;
  await run(program.path, ["--single", "-D", cluster, "postgres"], { account, cwd: folder, input });
  const settings = {
    ...STORES.postgres.settings(home.lasts),
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No socket: it would be one more door, and its path has a limit of 107 characters.
    unix_socket_directories: "",
  };
  const url = STORES.postgres.url("127.0.0.1", port, password);
  const server = new LocalServer({
    title: STORES.postgres.title,
    command: program.path,
    args: ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    input: "",
    account,
    folder,
    port,
    stopSignal: "INT",
    ask: () => STORES.postgres.ask(url),
  });
  await server.start();
  return { server, url };
}

async function createCluster(
  cluster: string,
  program: Program,
  account: Account | undefined,
  lasts: boolean,
): Promise<void> {
  // Under another name until it is complete: a folder of the right name is a complete one.
  const draft = `${cluster}.new`;
  await removeFolder(draft);
  await makeFolderFor(account, draft);
  const args = [...INITDB, ...(lasts ? [] : ["--no-sync"]), "--pgdata", draft];
  await run(await initdbOf(program), args, { account, cwd: draft });
  await Deno.rename(draft, cluster);
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
