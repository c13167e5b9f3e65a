import { exists, removeFolder } from "../files.ts";
import { postgresArgs, SUPERUSER } from "../stores.ts";
import { makeFolderFor, run } from "./account.ts";
import { initdbOf } from "./programs.ts";
import type { Place, ServerCommand } from "./server.ts";

/** Prepares a private Postgres, with a new password for its superuser. */
export async function preparePostgres(place: Place): Promise<ServerCommand> {
  const { data, port, password, program, account, lasts } = place;
  if (!await exists(data)) await createCluster(place);
  // Before the server starts, so that no client can log in earlier.
  const input = `alter role ${SUPERUSER} password '${password}'\n`;
  await run(program.path, ["--single", "-D", data, "postgres"], { account, cwd: data, input });
  const args = postgresArgs(lasts, {
    listen_addresses: "127.0.0.1",
    port: String(port),
    // No socket: it would be one more door, and its path has a limit of 107 characters.
    unix_socket_directories: "",
  });
  return { args: ["-D", data, ...args], input: "", stopSignal: "INT" };
}

async function createCluster({ data, program, account, lasts }: Place): Promise<void> {
  // Under another name until it is complete: a folder of the right name is a complete one.
  const draft = `${data}.new`;
  await removeFolder(draft);
  await makeFolderFor(account, draft);
  const args = [...INITDB, ...(lasts ? [] : ["--no-sync"]), "--pgdata", draft];
  await run(await initdbOf(program), args, { account, cwd: draft });
  await Deno.rename(draft, data);
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
