import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { AccessRefused, Unavailable } from "@rocket/platform/core";
import { freePort } from "@rocket/platform/free-port";
import { createLogger } from "@rocket/platform/log";
import { createRedis, createSharedRateLimit, type Redis } from "@rocket/platform/redis";
import { eventually } from "@rocket/platform/testing/eventually";
import { startRedisCluster } from "../../support/redis_cluster.ts";
import { startRedisSentinels } from "../../support/redis_sentinel.ts";
import { findRedisServer, NEEDS_REDIS_SERVER } from "../../support/redis_servers.ts";

const program = await findRedisServer() ?? "";
const skipped = program === "";
const title = (text: string) => skipped ? `${text} (${NEEDS_REDIS_SERVER})` : text;

const lines: string[] = [];
const stream = { write: (line: string) => void lines.push(line) };
const log = createLogger({ service: "test", level: "info", format: "json" }, stream);

Deno.test({
  name: title("the connection to a Redis cluster"),
  ignore: skipped,
  fn: async (t) => {
    await using cluster = await startRedisCluster(program);
    const [first] = cluster.masters;
    assert.ok(first);
    const seed = new URL(`redis://:${cluster.password}@127.0.0.1:${first.port}`).href.replace(
      "redis:",
      "redis+cluster:",
    );

    await t.step(
      "leads to every master through a URL that names one of them, and one that is down",
      async () => {
        await using redis = createRedis(`${seed},127.0.0.1:${freePort()}`, log);
        const keys = Array.from({ length: 60 }, (_, n) => `key-${n}`);
        await eventually(() => redis.run((client) => client.ping()));
        await Promise.all(keys.map((key) => redis.run((client) => client.set(key, key))));
        const masters = await Promise.all(keys.map((key) => cluster.masterOf(key)));
        assert.deepEqual(new Set(masters), new Set([0, 1, 2]));
        const read = await Promise.all(keys.map((key) => redis.run((client) => client.get(key))));
        assert.deepEqual(read, keys);
      },
    );

    await t.step("counts requests for all replicas", async () => {
      await using one = createRedis(cluster.url, log);
      await using other = createRedis(cluster.url, log);
      await Promise.all([one, other].map((redis) => eventually(() => redis.run((client) => client.ping()))));
      const policy = { name: "requests", requests: 20, windowMs: 60_000 };
      const replicas = [one, other].map((redis) =>
        createSharedRateLimit(policy, { redis, prefix: "t", log })
      );
      // Enough subjects for buckets on every master.
      const subjects = Array.from({ length: 12 }, (_, n) => `subject-${n}`);
      await Promise.all(subjects.map(async (subject) => {
        const takes = Array.from({ length: 40 }, (_, n) => replicas[n % 2]?.take(subject));
        const verdicts = await Promise.all(takes);
        assert.equal(verdicts.filter((verdict) => verdict?.isAllowed).length, policy.requests, subject);
      }));
    });

    await t.step("can be named by the environment that dev runs in", async () => {
      const env = { IAM_REDIS_URL: cluster.url };
      await using backing = await startBacking({ databases: [], stores: ["redis"], env });
      assert.equal(backing.redisUrl, cluster.url);
    });

    await t.step("reports a wrong password as AccessRefused", async () => {
      await assertFailure(seed.replace(cluster.password, "wrong"), AccessRefused, /WRONGPASS/);
    });

    await t.step("is unavailable if no node answers, and the log names the node", async () => {
      const address = `127.0.0.1:${freePort()}`;
      await assertFailure(`redis+cluster://${address}`, Unavailable, /Connection is closed/);
      assert.ok(lines.join().includes(address));
    });

    assert.ok(!lines.join().includes(cluster.password));
  },
});

Deno.test({
  name: title("the connection to the master that Sentinels name"),
  ignore: skipped,
  fn: async (t) => {
    await using sentinels = await startRedisSentinels(program);

    await t.step("is made though the first Sentinel of the URL is down", async () => {
      await using redis = createRedis(sentinels.url.replace("@", `@127.0.0.1:${freePort()},`), log);
      await redis.run((client) => client.set("key", "value"));
      assert.equal(await sentinels.master.admin.get("key"), "value");
    });

    await t.step("is unavailable if no Sentinel answers, and the log names the Sentinel", async () => {
      const address = `127.0.0.1:${freePort()}`;
      await assertFailure(
        `redis+sentinel://${address}/sessions`,
        Unavailable,
        /All sentinels are unreachable/,
      );
      assert.ok(lines.join().includes(address));
    });

    await t.step("is unavailable if the Sentinels do not know the master's name", async () => {
      const url = sentinels.url.replace("/sessions?", "/no-such-master?");
      await assertFailure(url, Unavailable, /All sentinels are unreachable/);
    });

    await t.step("leads to the new master soon after the old one hung", async () => {
      await using redis = createRedis(sentinels.url, log);
      const write = () => redis.run((client) => client.set("key", "later"));
      await write();
      const hungAt = performance.now();
      sentinels.master.freeze();
      await eventually(write);
      const tookMs = performance.now() - hungAt;
      assert.ok(tookMs < 5_000, `${tookMs} ms`);
      assert.equal(await sentinels.replica.admin.get("key"), "later");
    });

    assert.ok(!lines.join().includes(sentinels.password));
  },
});

async function assertFailure(
  url: string,
  kind: typeof Unavailable | typeof AccessRefused,
  cause: RegExp,
): Promise<void> {
  await using redis: Redis = createRedis(url, log);
  await assert.rejects(redis.run((client) => client.ping()), (error: unknown) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(String(error.cause), cause);
    return true;
  });
}
