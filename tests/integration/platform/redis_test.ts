import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { DeadlineExceeded, runWithRequest, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createRedis, type Redis } from "@rocket/platform/redis";
import { eventually } from "@rocket/platform/testing/eventually";

/** What a command may take to fail, in milliseconds: a hop's limit, and the machine's own business. */
const FAST_MS = 2_500;

Deno.test("the Redis connection", async (t) => {
  await using backing = await startBacking({ databases: ["platform"], env: Deno.env.toObject() });
  const { redisUrl: url, redis: server } = backing;
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLogger({ service: "test", level: "info", format: "json" }, stream);

  await t.step("the first command waits for the first connection", async () => {
    await using redis = createRedis(url, log);
    assert.equal(await ping(redis), "PONG");
  });

  await t.step("a command's own error is thrown as Redis gave it, and a fault of ours as it is", async () => {
    await using redis = createRedis(url, log);
    await assert.rejects(redis.run((client) => client.call("NOSUCH")), { name: "ReplyError" });
    const fault = new TypeError("ours");
    await assert.rejects(redis.run(() => Promise.reject(fault)), fault);
    await assert.rejects(
      redis.run(() => {
        throw fault;
      }),
      fault,
    );
  });

  await t.step(
    "a command over its hop's limit is given up on, and the connection serves others",
    async () => {
      await using redis = createRedis(url, log);
      assert.equal(await ping(redis), "PONG");
      const context = { requestId: "r-1", deadline: Date.now() + 100 };
      const waiting = runWithRequest(context, () => redis.run((client) => client.blpop("nothing", 1)));
      await assert.rejects(waiting, DeadlineExceeded);
      await eventually(async () => assert.equal(await ping(redis), "PONG"), 2_000);
    },
  );

  await t.step(
    "while the server is down commands fail at once as unavailable, and once it is back they work",
    async () => {
      await using redis = createRedis(url, log);
      await ping(redis);
      lines.length = 0;
      await server.stop();
      for (let burst = 0; burst < 3; burst++) {
        const times = await Promise.all(
          Array.from({ length: 200 }, () => timeToRejection(redis, Unavailable)),
        );
        assert.ok(Math.max(...times) < FAST_MS, `${Math.max(...times)} ms`);
      }
      // Long enough for some tries to connect again: the log tells of the first, and of the end.
      await eventually(() => assert.ok(lines.some((line) => line["msg"] === "redis connection failed")));
      await server.start();
      await eventually(() => ping(redis), 2_000);
      assert.deepEqual(lines.map((line) => line["msg"]), ["redis connection failed", "redis answers again"]);
    },
  );

  await t.step("a connection that begins while the server is down works once it is up", async () => {
    await server.stop();
    await using redis = createRedis(url, log);
    assert.ok(await timeToRejection(redis, Unavailable) < FAST_MS);
    await server.start();
    await eventually(() => ping(redis), 2_000);
  });

  await t.step("commands under way when the server is killed are unavailable", async () => {
    await using redis = createRedis(url, log);
    await ping(redis);
    const refused = assert.rejects(redis.run((client) => client.blpop("nothing", 1)), Unavailable);
    await server.kill();
    await refused;
    await server.start();
    await eventually(() => ping(redis), 2_000);
  });

  await t.step(
    "while the server is frozen commands are given up on at the hop's limit, and do not pile up",
    async () => {
      await using redis = createRedis(url, log);
      await ping(redis);
      await server.pause();
      try {
        const first = await Promise.all(
          Array.from({ length: 200 }, () => timeToRejection(redis, DeadlineExceeded)),
        );
        assert.ok(Math.max(...first) < FAST_MS, `${Math.max(...first)} ms`);
        // The connection is given up, so that one that leads nowhere does not keep what is sent into it.
        await eventually(() => assert.rejects(ping(redis), Unavailable));
      } finally {
        await server.resume();
      }
      await eventually(() => ping(redis), 2_000);
    },
  );

  await t.step("a frozen server's commands that were given up on are not sent again", async () => {
    await using redis = createRedis(url, log);
    await redis.run((client) => client.set("count", 0));
    await server.pause();
    await assert.rejects(redis.run((client) => client.incr("count")), DeadlineExceeded);
    await eventually(() => assert.rejects(ping(redis), Unavailable));
    await server.resume();
    await eventually(() => ping(redis), 2_000);
    // Once at most: by the server that had read it before it froze.
    assert.ok(Number(await redis.run((client) => client.get("count"))) <= 1);
  });

  await t.step(
    "the connection is closed at once, whatever its server does",
    async () => {
      for (const state of ["up", "frozen", "down"] as const) {
        const redis = createRedis(url, log);
        await ping(redis);
        const underWay = redis.run((client) => client.blpop("nothing", 1)).catch((error) => error);
        if (state === "frozen") await server.pause();
        if (state === "down") await server.stop();
        const startedAt = performance.now();
        await redis[Symbol.asyncDispose]();
        const tookMs = performance.now() - startedAt;
        if (state === "frozen") await server.resume();
        if (state === "down") await server.start();
        assert.ok(tookMs < 500, `${state}: ${tookMs} ms`);
        const told = await underWay;
        assert.ok(told instanceof Unavailable || told instanceof DeadlineExceeded, String(told));
        await assert.rejects(ping(redis), Unavailable);
      }
    },
  );

  await t.step("a connection that is closed before it is made leaves nothing behind", async () => {
    const redis = createRedis(url, log);
    await redis[Symbol.asyncDispose]();
  });
});

async function ping(redis: Redis): Promise<string> {
  return await redis.run((client) => client.ping());
}

async function timeToRejection(
  redis: Redis,
  kind: typeof Unavailable | typeof DeadlineExceeded,
): Promise<number> {
  const startedAt = performance.now();
  await assert.rejects(ping(redis), kind);
  return performance.now() - startedAt;
}
