import type { Logger } from "@rocket/platform/log";
import { repeat } from "@rocket/platform/service";
import type { Backing, BackingServer, ServerName } from "../backing/backing.ts";

/** How often it is looked whether the stores run, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Starts a store of ours again when it has died, and says so; those that the environment names are others' to keep. */
export function keepStores(
  backing: Pick<Backing, ServerName>,
  ours: ReadonlySet<ServerName>,
  log: Logger,
): AsyncDisposable {
  const keep = async (name: ServerName, server: BackingServer) => {
    if (await server.isRunning()) return;
    log.warn({ store: name }, "a store has died, starting it again");
    await server.start();
    log.info({ store: name }, "the store is back");
  };
  return repeat({
    name: "keep the stores running",
    everyMs: LOOK_EVERY_MS,
    run: async () => {
      await Promise.all([...ours].map((name) => keep(name, backing[name])));
    },
    log,
  });
}
