import type { Logger } from "@rocket/platform/log";
import { repeat } from "@rocket/platform/service";
import type { Backing, BackingServer, StoreName } from "../backing/backing.ts";

/** How often to check that the stores run, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Starts a store of ours again when it has died, and logs both; the stores that the environment names are not ours. */
export function keepStores(
  backing: Pick<Backing, StoreName>,
  ours: ReadonlySet<StoreName>,
  log: Logger,
): AsyncDisposable {
  const keep = async (name: StoreName, server: BackingServer) => {
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
