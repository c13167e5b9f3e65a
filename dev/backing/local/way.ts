import { WayUnavailable } from "../errors.ts";
import { type ServerOrder, type StartedServers, startTogether, type Way } from "../way.ts";
import { serverAccount } from "./account.ts";
import { clusterCache } from "./cluster.ts";
import { lastingHome, throwAwayHome } from "./home.ts";
import { startPostgres } from "./postgres.ts";
import { findPrograms, type Programs } from "./programs.ts";
import { startRedis } from "./redis.ts";

/** The machine's own Postgres and Redis, as private instances in a folder of ours. */
export const localWay: Way = {
  name: "local",
  async start(order) {
    const programs = await findPrograms(order.env["PATH"]);
    const wanting = [...order.needs].filter((name) => !programs[name]).map((name) => programs.wanting[name]);
    if (wanting.length > 0) throw new WayUnavailable(wanting.join("; "));
    return await startPrograms(programs, order);
  },
};

async function startPrograms(
  programs: Programs,
  { needs, env, dataDir, say }: ServerOrder,
): Promise<StartedServers> {
  await using stack = new AsyncDisposableStack();
  const account = await serverAccount();
  const home = stack.use(
    await (dataDir === undefined ? throwAwayHome(env["TMPDIR"], account) : lastingHome(dataDir, account)),
  );
  say(`starting ${titles(programs, needs)} in ${home.folder}`);
  const tools = { account, cache: await clusterCache(env, account) };
  const postgres = needs.has("postgres") && programs.postgres
    ? startPostgres(home, { ...tools, program: programs.postgres })
    : undefined;
  const redis = needs.has("redis") && programs.redis ? startRedis(home, programs.redis, account) : undefined;
  return await startTogether(postgres, redis, stack);
}

function titles({ postgres, redis }: Programs, needs: ServerOrder["needs"]): string {
  return [
    needs.has("postgres") && postgres ? `Postgres ${postgres.version}` : "",
    needs.has("redis") && redis ? `Redis ${redis.version}` : "",
  ].filter((title) => title !== "").join(" and ");
}
