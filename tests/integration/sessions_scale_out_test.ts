import assert from "node:assert/strict";
import { startRedisCluster } from "../support/redis_cluster.ts";
import { startRedisSentinels } from "../support/redis_sentinel.ts";
import {
  CLUSTER_PERMISSIONS,
  findRedisServer,
  IAM_PERMISSIONS,
  NEEDS_REDIS_SERVER,
  type RedisServer,
  untilReplicated,
} from "../support/redis_servers.ts";
import { checkSessionFlow } from "../support/session_flow.ts";
import { SessionLoad } from "../support/session_load.ts";
import { startSystem, type System } from "../support/system.ts";

const program = await findRedisServer() ?? "";
const ignore = program === "";
const title = (text: string) => ignore ? `${text} (${NEEDS_REDIS_SERVER})` : text;

/** How long a failover may keep calls failing, in milliseconds. */
const WHOLE_WITHIN_MS = 5_000;

/** Starts a system on a Redis. */
function startSystemOn(redisUrl: string, iamRedisUrl = redisUrl): Promise<System> {
  return startSystem({
    env: { SESSIONS_PER_USER: "1000", IAM_REDIS_URL: iamRedisUrl, ORDER_REDIS_URL: redisUrl },
  });
}

Deno.test({
  name: title("sessions on a Redis cluster"),
  ignore,
  fn: async (t) => {
    await using cluster = await startRedisCluster(program);
    // The user that docs/operations.md describes.
    const rights = ["on", `>${cluster.password}`, ...IAM_PERMISSIONS, ...CLUSTER_PERMISSIONS];
    await Promise.all(
      [...cluster.masters, ...cluster.replicas].map(({ admin }) =>
        admin.call("ACL", "SETUSER", "iam", ...rights)
      ),
    );
    await using system = await startSystemOn(cluster.url, cluster.url.replace("//:", "//iam:"));
    await using load = await SessionLoad.start(system);

    await t.step("no call fails while slots move", async () => {
      const [someone] = load.people;
      await load.progress(200);
      const key = `iam:{${someone?.userUuid}}:sessions`;
      const to = (await cluster.masterOf(key) + 1) % cluster.masters.length;
      // While one of a user's two keys has moved, their logins wait; the library tries for 1.6 s.
      await cluster.moveSlotOf(key, to, () => load.progress(10));
      await load.progress(200);
      assert.equal(load.failures, 0);
    });

    await t.step("no session is lost or comes back when a master is killed", async () => {
      await survive(load, cluster.masters, cluster.replicas);
    });

    await checkSessionFlow(t, system);
  },
});

Deno.test({
  name: title("sessions on the master that Sentinels name"),
  ignore,
  fn: async (t) => {
    await using sentinels = await startRedisSentinels(program);
    await using system = await startSystemOn(sentinels.url);
    await using load = await SessionLoad.start(system);
    await load.progress(200);

    await t.step("no session is lost or comes back when the master is killed", async () => {
      await survive(load, [sentinels.master], [sentinels.replica]);
    });

    await checkSessionFlow(t, system);
  },
});

/**
 * Kills the first master under load. What was answered before `fromMs` had reached its replica: it must survive. What
 * was answered later, but begun before the kill, is lost if its master had not sent it on yet.
 */
async function survive(
  load: SessionLoad,
  masters: readonly RedisServer[],
  replicas: readonly RedisServer[],
): Promise<void> {
  const fromMs = performance.now();
  await Promise.all(
    masters.map((master, index) => untilReplicated(master, replicas[index] ?? assert.fail())),
  );
  const toMs = performance.now();
  masters[0]?.kill();
  const wholeAt = await load.untilWhole(toMs);
  const { sessions, revoked } = await load.verify({ fromMs, toMs });
  assert.ok(sessions > 50 && revoked > 10, `${sessions} sessions, ${revoked} revoked`);
  assert.ok(wholeAt - toMs <= WHOLE_WITHIN_MS, `whole after ${wholeAt - toMs} ms`);
}
