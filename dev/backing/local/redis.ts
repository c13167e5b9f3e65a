import { freePort } from "@rocket/platform/free-port";
import { join } from "node:path";
import { newSecret, STORES } from "../stores.ts";
import type { StartedStore } from "../way.ts";
import { type Account, makeFolderFor } from "./account.ts";
import type { Home } from "./home.ts";
import type { Program } from "./programs.ts";
import { LocalServer } from "./server.ts";

/** Starts a private Redis on a free port of 127.0.0.1, with a new password. */
export async function startRedis(
  home: Home,
  program: Program,
  account: Account | undefined,
): Promise<StartedStore> {
  const folder = join(home.folder, "redis");
  const data = join(folder, "data");
  const [port, password] = [freePort(), newSecret()];
  await makeFolderFor(account, folder);
  await makeFolderFor(account, data);
  const settings = {
    ...STORES.redis.settings(home.lasts),
    bind: "127.0.0.1",
    port: String(port),
    dir: data,
    // The title would hide the folder that identifies our own Redis.
    "set-proc-title": "no",
  };
  const url = STORES.redis.url("127.0.0.1", port, password);
  const server = new LocalServer({
    title: STORES.redis.title,
    command: program.path,
    // No file: Redis takes the path of its configuration for a pattern, and starts open to all if none matches.
    // "-" has it read the rest from its standard input: on the command line every account could see the password.
    args: [...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]), "-"],
    input: `requirepass ${password}\n`,
    account,
    folder,
    port,
    stopSignal: "TERM",
    ask: () => STORES.redis.ask(url),
  });
  await server.start();
  return { server, url };
}
