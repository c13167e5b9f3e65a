import { freePort } from "@rocket/platform/free-port";
import { join } from "node:path";
import { exists } from "../files.ts";
import { newSecret, STORES } from "../stores.ts";
import type { StartedStore } from "../way.ts";
import { makeFolderFor } from "./account.ts";
import { type ClusterTools, createCluster, setSuperuserPassword } from "./cluster.ts";
import type { Home } from "./home.ts";
import { endOrphan } from "./processes.ts";
import { LocalServer } from "./server.ts";

/** Starts a private Postgres on a free port of 127.0.0.1, with a new password for its superuser. */
export async function startPostgres(home: Home, tools: ClusterTools): Promise<StartedStore> {
  const { program, account } = tools;
  const folder = join(home.folder, "postgres");
  const cluster = join(folder, "data");
  const [port, password] = [freePort(), newSecret()];
  await makeFolderFor(account, folder);
  await endOrphan(folder);
  if (!await exists(cluster)) await createCluster(cluster, tools, home.lasts);
  await setSuperuserPassword(cluster, password, tools);
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
