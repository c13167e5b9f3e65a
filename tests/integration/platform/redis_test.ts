import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { AccessRefused, DeadlineExceeded, runWithRequest, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createRedis, type Redis } from "@rocket/platform/redis";
import { Redis as Client } from "ioredis";
import { eventually } from "@rocket/platform/testing/eventually";
import { BUSY_HOP_MS, closeInEachState } from "../../support/closing.ts";
import { startForwarder } from "../../support/forwarder.ts";
import { HAS_IPV6 } from "../../support/service_ports.ts";

Deno.test("the Redis connection", async (t) => {
  await using backing = await startBacking({ databases: [], stores: ["redis"], env: Deno.env.toObject() });
  const { redisUrl: url, redis: server } = backing;
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLogger({ service: "test", level: "info", format: "json" }, stream);

  await t.step("the first command waits for the first connection", async () => {
    await using redis = createRedis(url, log);
    assert.equal(await ping(redis), "PONG");
  });

  await t.step("an error in the command is thrown unchanged, and so is an error of our own", async () => {
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
    "a server that accepts no writes is unavailable, whether READONLY, NOREPLICAS or OOM",
    async () => {
      const admin = new Client(url);
      await using redis = createRedis(url, log);
      for (
        const [prefix, impair, restore] of [
          ["READONLY", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
          ["NOREPLICAS", ["CONFIG", "SET", "min-replicas-to-write", "1"], [
            "CONFIG",
            "SET",
            "min-replicas-to-write",
            "0",
          ]],
          ["OOM", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
        ] as const
      ) {
        await eventually(() => write(redis));
        const [command, ...args] = impair;
        await admin.call(command, ...args);
        await assert.rejects(write(redis), (error: unknown) => {
          assert.ok(error instanceof Unavailable && !(error instanceof AccessRefused), String(error));
          assert.match(String(error.cause), new RegExp(`^ReplyError: ${prefix} `));
          return true;
        });
        const [restoring, ...restoringArgs] = restore;
        await admin.call(restoring, ...restoringArgs);
        await eventually(() => write(redis));
      }
      admin.disconnect();
    },
  );

  await t.step(
    "after a failover behind one address, writes reach the new master within seconds",
    async () => {
      await using second = await startBacking({ databases: [], stores: ["redis"], env: Deno.env.toObject() });
      await using address = startForwarder(Number(new URL(url).port));
      const target = new URL(second.redisUrl);
      const through = new URL(url);
      through.port = String(address.port);
      const [oldMaster, newMaster] = [new Client(url), new Client(second.redisUrl)];
      await oldMaster.config("SET", "masterauth", target.password);
      await newMaster.config("SET", "requirepass", new URL(url).password);

      await using redis = createRedis(through.href, log);
      await redis.run((client) => client.set("failover", "old"));
      // The address now leads to the new master; the open connection still leads to the old one.
      address.target = Number(target.port);
      await oldMaster.replicaof("127.0.0.1", Number(target.port));
      await eventually(() => redis.run((client) => client.set("failover", "new")));
      assert.equal(await newMaster.get("failover"), "new");
      await oldMaster.call("REPLICAOF", "NO", "ONE");
      oldMaster.disconnect();
      newMaster.disconnect();
    },
  );

  await t.step("a server that stays read-only is not redialled for each command", async () => {
    const admin = new Client(url);
    await using redis = createRedis(url, log);
    await write(redis);
    await admin.replicaof("127.0.0.1", 1);
    const before = Number(/total_connections_received:(\d+)/.exec(await admin.info("stats"))?.[1]);
    for (let count = 0; count < 50; count++) await assert.rejects(write(redis), Unavailable);
    const after = Number(/total_connections_received:(\d+)/.exec(await admin.info("stats"))?.[1]);
    await admin.call("REPLICAOF", "NO", "ONE");
    admin.disconnect();
    assert.ok(after - before <= 2, `${after - before} connections`);
  });

  await t.step(
    "a refused user, password, database or command is AccessRefused, with its cause",
    async () => {
      const admin = new Client(url);
      await admin.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-set");
      admin.disconnect();
      const right = new URL(url);
      const reader = Object.assign(new URL(url), { username: "reader", password: "secret" });
      for (
        const [wrong, cause] of [
          [Object.assign(new URL(url), { password: "wrong" }), "WRONGPASS"],
          [Object.assign(new URL(url), { password: "" }), "NOAUTH"],
          [Object.assign(new URL(url), { pathname: "/99" }), "ERR DB index is out of range"],
          [reader, "NOPERM"],
        ] as const
      ) {
        await using redis = createRedis(wrong.href, log);
        await assert.rejects(write(redis), (error: unknown) => {
          assert.ok(error instanceof AccessRefused, `${cause}: ${error}`);
          assert.match(String(error.cause), new RegExp(`^ReplyError: ${cause}`));
          return true;
        });
      }
      const logged = JSON.stringify(lines);
      assert.ok(!logged.includes(right.password) && !logged.includes("secret"));
    },
  );

  await t.step({
    name: "an IPv6 address in the URL is dialled",
    ignore: !HAS_IPV6,
    async fn() {
      const { port, password } = new URL(url);
      await using forwarder = startForwarder(Number(port), "::1");
      await using redis = createRedis(`redis://:${password}@[::1]:${forwarder.port}`, log);
      assert.equal(await ping(redis), "PONG");
    },
  });

  await t.step(
    "a command that exceeds its deadline times out, and the connection still serves others",
    async () => {
      await using redis = createRedis(url, log);
      assert.equal(await ping(redis), "PONG");
      const context = { requestId: "r-1", deadline: Date.now() + 100 };
      const waiting = runWithRequest(context, () => redis.run((client) => client.blpop("nothing", 1)));
      await assert.rejects(waiting, DeadlineExceeded);
      await eventually(async () => assert.equal(await ping(redis), "PONG"));
    },
  );

  await t.step(
    "while the server is down, commands fail fast as unavailable, and once it is back they work",
    async () => {
      await using redis = createRedis(url, log);
      await ping(redis);
      lines.length = 0;
      await server.stop();
      for (let burst = 0; burst < 3; burst++) {
        // A command that waited for the hop's limit would be DeadlineExceeded.
        await Promise.all(Array.from({ length: 200 }, () => assert.rejects(ping(redis), Unavailable)));
      }
      // Only the first of several failed attempts to connect is logged, and the end of the outage.
      await eventually(() => assert.ok(lines.some((line) => line["msg"] === "redis connection failed")));
      await server.start();
      await eventually(() => ping(redis));
      assert.deepEqual(lines.map((line) => line["msg"]), ["redis connection failed", "redis answers again"]);
    },
  );

  await t.step("a connection created while the server is down works once it is up", async () => {
    await server.stop();
    await using redis = createRedis(url, log);
    await assert.rejects(ping(redis), Unavailable);
    await server.start();
    await eventually(() => ping(redis));
  });

  await t.step("commands in flight when the server is killed are unavailable", async () => {
    await using redis = createRedis(url, log);
    await ping(redis);
    const refused = assert.rejects(redis.run((client) => client.blpop("nothing", 1)), Unavailable);
    await server.kill();
    await refused;
    await server.start();
    await eventually(() => ping(redis));
  });

  await t.step(
    "while the server is frozen, commands time out at the hop's limit and do not pile up",
    async () => {
      await using redis = createRedis(url, log);
      await ping(redis);
      await server.pause();
      try {
        const first = await Promise.all(
          Array.from({ length: 200 }, () => timeToDeadlineExceeded(redis)),
        );
        assert.ok(Math.max(...first) < BUSY_HOP_MS, `${Math.max(...first)} ms`);
        // The connection is closed, so that commands do not pile up on a dead one.
        await eventually(() => assert.rejects(ping(redis), Unavailable));
      } finally {
        await server.resume();
      }
      await eventually(() => ping(redis));
    },
  );

  await t.step("commands that timed out on a frozen server are not sent again", async () => {
    await using redis = createRedis(url, log);
    await redis.run((client) => client.set("count", 0));
    await server.pause();
    await assert.rejects(redis.run((client) => client.incr("count")), DeadlineExceeded);
    await eventually(() => assert.rejects(ping(redis), Unavailable));
    await server.resume();
    await eventually(() => ping(redis));
    // It ran at most once: if the server had read it before it froze.
    assert.ok(Number(await redis.run((client) => client.get("count"))) <= 1);
  });

  await t.step(
    "disposing closes the connection at once, whether the server is up, frozen or down",
    () =>
      closeInEachState(server, async () => {
        const client = createRedis(url, log);
        await ping(client);
        const command = client.run((redis) => redis.blpop("nothing", 60)).catch((error) => error);
        const afterwards = async () => {
          const failure = await command;
          assert.ok(failure instanceof Unavailable || failure instanceof DeadlineExceeded, String(failure));
          await assert.rejects(ping(client), Unavailable);
        };
        return { client, afterwards };
      }),
  );

  await t.step("a connection that is disposed before it is made leaves nothing open", async () => {
    const redis = createRedis(url, log);
    await redis[Symbol.asyncDispose]();
  });
});

async function write(redis: Redis): Promise<void> {
  await redis.run((client) => client.set("written", "1"));
}

async function ping(redis: Redis): Promise<string> {
  return await redis.run((client) => client.ping());
}

async function timeToDeadlineExceeded(redis: Redis): Promise<number> {
  const startedAt = performance.now();
  await assert.rejects(ping(redis), DeadlineExceeded);
  return performance.now() - startedAt;
}
