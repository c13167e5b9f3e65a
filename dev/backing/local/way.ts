import { freePort } from "@rocket/platform/free-port";
import { join } from "node:path";
import type { StoreName } from "../backing.ts";
import { WayUnavailable } from "../errors.ts";
import { newSecret, STORES } from "../stores.ts";
import { type StartedStore, type StartedStores, startTogether, type StoreOrder, type Way } from "../way.ts";
import { type Account, makeFolderFor, serverAccount } from "./account.ts";
import { type Home, lastingHome, temporaryHome } from "./home.ts";
import { preparePostgres } from "./postgres.ts";
import { endOrphan } from "./processes.ts";
import { findPrograms, type Program } from "./programs.ts";
import { prepareKafka } from "./kafka.ts";
import { prepareRedis } from "./redis.ts";
import { LocalServer, type Place, type ServerCommand } from "./server.ts";

/** The machine's own programs, as private instances in a folder of ours. */
export const localWay: Way = {
  name: "local",
  async start(order) {
    const all = await findPrograms(order.env);
    const found = new Map<StoreName, Program>();
    const missing: string[] = [];
    for (const name of order.needs) {
      const program = all[name];
      if (typeof program === "string") missing.push(program);
      else found.set(name, program);
    }
    if (missing.length > 0) throw new WayUnavailable(missing.join("; "));
    return await startPrograms(found, order);
  },
};

async function startPrograms(
  programs: ReadonlyMap<StoreName, Program>,
  { env, dataDir, say }: StoreOrder,
): Promise<StartedStores> {
  await using stack = new AsyncDisposableStack();
  const account = await serverAccount();
  const home = stack.use(
    await (dataDir === undefined ? temporaryHome(env["TMPDIR"]) : lastingHome(dataDir)),
  );
  const titles = [...programs].map(([name, { version }]) => `${STORES[name].title} ${version}`);
  say(`starting ${titles.join(" and ")} in ${home.folder}`);
  const start = (name: StoreName, program: Program) => startStore(name, program, account, home);
  return await startTogether(programs, start, home.folder, stack);
}

const PREPARE: Readonly<Record<StoreName, (place: Place) => Promise<ServerCommand>>> = {
  postgres: preparePostgres,
  redis: prepareRedis,
  kafka: prepareKafka,
};

/** Starts a private server on a free port of 127.0.0.1, with a new password. */
async function startStore(
  name: StoreName,
  program: Program,
  account: Account | undefined,
  { folder: home, reused }: Home,
): Promise<StartedStore> {
  const { title, url: urlAt, ask } = STORES[name];
  const folder = join(home, name);
  const [port, password] = [freePort(), newSecret()];
  const place = { program, account, folder, data: join(folder, "data"), reused, port, password };
  await makeFolderFor(account, folder);
  await endOrphan(folder);
  const command = await PREPARE[name](place);
  const url = urlAt("127.0.0.1", port, password);
  const server = new LocalServer({ ...place, ...command, title, ask: () => ask(url) });
  await server.start();
  return { server, url };
}
