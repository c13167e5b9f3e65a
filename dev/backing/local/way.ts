import type { StoreName } from "../backing.ts";
import { WayUnavailable } from "../errors.ts";
import { STORES } from "../stores.ts";
import { type StartedStores, startTogether, type StoreOrder, type Way } from "../way.ts";
import { serverAccount } from "./account.ts";
import { lastingHome, temporaryHome } from "./home.ts";
import { startPostgres } from "./postgres.ts";
import { findPrograms, type Program } from "./programs.ts";
import { startRedis } from "./redis.ts";

/** The machine's own programs, as private instances in a folder of ours. */
export const localWay: Way = {
  name: "local",
  async start(order) {
    const all = await findPrograms(order.env["PATH"]);
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

const START = { postgres: startPostgres, redis: startRedis } as const;

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
  const start = (name: StoreName, program: Program) => START[name](home, program, account);
  return await startTogether(programs, start, home.folder, stack);
}
