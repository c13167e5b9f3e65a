import { join } from "node:path";
import { freePort } from "@rocket/platform/free-port";
import { askRedis } from "../redis_answers.ts";
import { redisSettings } from "../redis_settings.ts";
import { newSecret } from "../secret.ts";
import type { StartedRedis } from "../way.ts";
import { type Account, makeFolderFor } from "./account.ts";
import type { Home } from "./home.ts";
import type { RedisProgram } from "./programs.ts";
import { LocalServer } from "./server.ts";

/** A private Redis on this machine, answering on a free port of 127.0.0.1, its password new. */
export async function startRedis(
  home: Home,
  program: RedisProgram,
  account: Account | undefined,
): Promise<StartedRedis> {
  const folder = join(home.folder, "redis");
  const data = join(folder, "data");
  const settings = join(folder, "redis.conf");
  const [port, password] = [freePort(), newSecret()];
  await makeFolderFor(account, folder);
  await makeFolderFor(account, data);
  // The folder lets nobody else in, so the password in the file is safe there, unlike on a command line.
  await Deno.writeTextFile(settings, redisSettings({ bind: "127.0.0.1", port, password, folder: data }));
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const server = new LocalServer({
    title: "Redis",
    command: program.redis,
    args: [settings],
    account,
    folder,
    deathSignal: "TERM",
    stopSignal: "SIGTERM",
    ask: () => askRedis(url),
  });
  await server.start();
  return { server, url };
}
