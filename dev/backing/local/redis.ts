import { redisArgs } from "../stores.ts";
import { makeFolderFor } from "./account.ts";
import type { Place, ServerCommand } from "./server.ts";

/** Prepares a private Redis, open only to those who know its password. */
export async function prepareRedis(
  { data, port, password, account }: Place,
): Promise<ServerCommand> {
  await makeFolderFor(account, data);
  const args = redisArgs({
    bind: "127.0.0.1",
    port: String(port),
    dir: data,
    // The title would hide the folder, by which we know our own Redis.
    "set-proc-title": "no",
  });
  // No file: Redis takes the path of its configuration for a pattern, and starts open to all if none matches.
  // "-" has it read the rest from its standard input: on the command line every account could see the password.
  return { args: [...args, "-"], input: `requirepass ${password}\n`, stopSignal: "TERM" };
}
