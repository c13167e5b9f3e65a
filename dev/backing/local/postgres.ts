import { join } from "node:path";
import { freePort } from "@rocket/platform/free-port";
import { askPostgres } from "../databases.ts";
import { exists } from "../exists.ts";
import { newSecret } from "../secret.ts";
import type { StartedPostgres } from "../way.ts";
import { makeFolderFor } from "./account.ts";
import { type ClusterTools, createCluster, setSuperuserPassword } from "./cluster.ts";
import type { Home } from "./home.ts";
import { endOrphan } from "./orphan.ts";
import { LocalServer } from "./server.ts";

/** A private Postgres on this machine, answering on a free port of 127.0.0.1, its superuser's password new. */
export async function startPostgres(
  home: Home,
  tools: ClusterTools,
): Promise<StartedPostgres> {
  const { program, account } = tools;
  const folder = join(home.folder, "postgres");
  const cluster = join(folder, "data");
  const admin = { host: "127.0.0.1", port: freePort(), password: newSecret() };
  await makeFolderFor(account, folder);
  await endOrphan(folder);
  if (!await exists(cluster)) await createCluster(cluster, tools, home.lasts);
  await setSuperuserPassword(cluster, admin.password, tools);
  const settings = {
    listen_addresses: admin.host,
    port: admin.port,
    // None: a socket would be one more door, and its path has a limit of 107 characters.
    unix_socket_directories: "",
    max_connections: 200,
    // Without it a killed Postgres still loses nothing; a power cut may, and takes throw-away data with it.
    ...(home.lasts ? {} : { fsync: "off" }),
  };
  const server = new LocalServer({
    title: "Postgres",
    command: program.postgres,
    args: ["-D", cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    account,
    folder,
    deathSignal: "INT",
    stopSignal: "SIGINT",
    ask: () => askPostgres(admin),
  });
  await server.start();
  return { server, admin };
}
