import { WayUnavailable } from "../errors.ts";
import { type StartedStores, startTogether, type StoreOrder, type Way } from "../way.ts";
import { serverAccount } from "./account.ts";
import { clusterCache } from "./cluster.ts";
import { lastingHome, throwAwayHome } from "./home.ts";
import { startPostgres } from "./postgres.ts";
import { findPrograms, type Programs } from "./programs.ts";
import { startRedis } from "./redis.ts";

/** The machine's own programs, as private instances in a folder of ours. */
export const localWay: Way = {
  name: "local",
  async start(order) {
    const programs = await findPrograms(order.env["PATH"]);
    const missing = [...order.needs].filter((name) => !programs[name]).map((name) => programs.missing[name]);
    if (missing.length > 0) throw new WayUnavailable(missing.join("; "));
    return await startPrograms(programs, order);
  },
};

async function startPrograms(
  programs: Programs,
  { needs, env, dataDir, say }: StoreOrder,
): Promise<StartedStores> {
  await using stack = new AsyncDisposableStack();
  const account = await serverAccount();
  const home = stack.use(
    await (dataDir === undefined ? throwAwayHome(env["TMPDIR"], account) : lastingHome(dataDir, account)),
  );
  say(`starting ${titles(programs, needs)} in ${home.folder}`);
  const start = async (name: "postgres" | "redis") => {
    switch (name) {
      case "postgres": {
        const program = programs.postgres ?? unreachable();
        const cache = await clusterCache(env, account, home.folder);
        return await startPostgres(home, { program, account, cache });
      }
      case "redis":
        return await startRedis(home, programs.redis ?? unreachable(), account);
    }
  };
  return await startTogether(needs, start, home.folder, stack);
}

function unreachable(): never {
  throw new TypeError("a program is missing that was found before");
}

function titles({ postgres, redis }: Programs, needs: StoreOrder["needs"]): string {
  return [
    needs.has("postgres") && postgres ? `Postgres ${postgres.version}` : "",
    needs.has("redis") && redis ? `Redis ${redis.version}` : "",
  ].filter((title) => title !== "").join(" and ");
}
