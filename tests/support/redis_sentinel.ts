import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { infoOf, REDIS_PASSWORD, type RedisServer, RedisServers } from "./redis_servers.ts";

/** How long a master may be silent before the Sentinels replace it, in milliseconds. */
const DOWN_AFTER_MS = 1_000;

const NAME = "sessions";

/** A master with a replica, and three Sentinels that watch them. */
export interface RedisSentinels extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinels: readonly RedisServer[];
}

/** Starts them, and waits until every Sentinel knows the replica and the other Sentinels. */
export async function startRedisSentinels(program: string): Promise<RedisSentinels> {
  await using owned = new AsyncDisposableStack();
  const servers = owned.use(new RedisServers(program));
  const master = await servers.start();
  const replica = await servers.start({ replicaof: `127.0.0.1 ${master.port}` });
  await eventually(async () =>
    assert.equal(await infoOf(replica, "replication", "master_link_status"), "up")
  );
  const lines = {
    "sentinel monitor": `${NAME} 127.0.0.1 ${master.port} 2`,
    "sentinel auth-pass": `${NAME} ${REDIS_PASSWORD}`,
    "sentinel down-after-milliseconds": `${NAME} ${DOWN_AFTER_MS}`,
    "sentinel failover-timeout": `${NAME} 5000`,
  };
  const sentinels = await Promise.all(Array.from({ length: 3 }, () => servers.startSentinel(lines)));
  await eventually(async () => {
    for (const { admin } of sentinels) {
      const facts = await admin.call("SENTINEL", "MASTER", NAME);
      assert.ok(Array.isArray(facts));
      const fact = (name: string) => facts[facts.indexOf(name) + 1];
      assert.deepEqual([fact("num-slaves"), fact("num-other-sentinels")], ["1", "2"]);
    }
  });
  const running = owned.move();
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",");
  return {
    password: REDIS_PASSWORD,
    url: `redis+sentinel://:${REDIS_PASSWORD}@${hosts}/${NAME}?sentinelPassword=${REDIS_PASSWORD}`,
    master,
    replica,
    sentinels,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
