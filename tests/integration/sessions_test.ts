import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf } from "@rocket/platform/testing/raw-client";
import { join, logIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

Deno.test("sessions in Redis", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  await using redis = connect(system);

  await t.step("a session's key lives at most 24 h from login, and its owner is told so", async () => {
    await redis.client.flushall();
    const before = Date.now();
    const { sessionUuid } = await join(system);
    const [key = ""] = await redis.client.keys("iam:session:*");
    const lifetimeMs = await redis.client.pttl(key);
    assert.ok(lifetimeMs > DAY_MS - 60_000 && lifetimeMs <= DAY_MS, `${lifetimeMs} ms`);
    const { session } = await answerOf(system.auth.whoami({ sessionUuid }));
    const { createdAt, expiresAt } = session ?? {};
    assert.equal((expiresAt?.getTime() ?? 0) - (createdAt?.getTime() ?? 0), DAY_MS);
    assert.ok((createdAt?.getTime() ?? 0) >= before);
  });

  await t.step("Whoami does not prolong a session", async () => {
    const { sessionUuid } = await join(system);
    const first = await answerOf(system.auth.whoami({ sessionUuid }));
    const second = await answerOf(system.auth.whoami({ sessionUuid }));
    assert.deepEqual(first, second);
  });

  await t.step("no key in Redis lacks an expiry", async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => join(system)));
    await Promise.all(people.map(({ login, password }) => logIn(system, login, password)));
    const keys = await redis.client.keys("*");
    assert.ok(keys.length >= 15);
    for (const key of keys) assert.ok(await redis.client.pttl(key) > 0, key);
  });

  await t.step("a login writes its session together with its lifetime, in one command", async () => {
    const { login, password } = await join(system);
    const commands = await commandsDuring(redis.client, async () => {
      await logIn(system, login, password);
    });
    const sent = commands.filter(({ isOfScript }) => !isOfScript);
    assert.deepEqual(sent.map(({ name }) => name), ["eval"]);
    // A script that dies half-way keeps what it wrote until then: within it, too, it is to be one command.
    const ofSession = commands.filter(({ isOfScript, args }) =>
      isOfScript && args.some((arg) => arg.startsWith("iam:session:"))
    );
    assert.deepEqual(ofSession.map(({ name, args: [, , ...options] }) => [name, ...options]), [
      ["set", "PX", String(DAY_MS)],
    ]);
  });

  await t.step("a copy of the data opens no door: no session identifier is in it", async () => {
    const { sessionUuid } = await join(system);
    const values = await everything(redis.client);
    assert.ok(values.length > 0);
    assert.ok(!values.some((value) => value.includes(sessionUuid)));
  });

  await t.step("a user's sessions are listed, and the list ends with the last of them", async () => {
    const { userUuid, login, password } = await join(system);
    await logIn(system, login, password);
    const key = `iam:user-sessions:${userUuid}`;
    assert.equal(await redis.client.zcard(key), 2);
    const [, lastEnd = "0"] = await redis.client.zrange(key, "-1", "-1", "WITHSCORES");
    const listEnd = Date.now() + await redis.client.pttl(key);
    assert.ok(Math.abs(listEnd - Number(lastEnd)) < 1_000);
  });

  await t.step("Whoami is one round trip to Redis and none to Postgres", async () => {
    const { sessionUuid } = await join(system);
    await system.backing.postgres.pause();
    try {
      const commands = await commandsDuring(redis.client, async () => {
        await answerOf(system.auth.whoami({ sessionUuid }));
      });
      assert.deepEqual(commands.map(({ name }) => name), ["get"]);
    } finally {
      await system.backing.postgres.resume();
    }
  });
});

Deno.test("with a short SESSION_TTL a session opens nothing after it ends", async () => {
  await using system = await startSystem({ services: ["iam"], env: { SESSION_TTL: "1500ms" } });
  await using redis = connect(system);
  const { login, password } = await join(system);
  const whoami = (sessionUuid: string) => answerOf(system.auth.whoami({ sessionUuid }));
  // A machine too busy to ask within a session's life opens another.
  const sessionUuid = await eventually(async () => {
    const sessionUuid = await logIn(system, login, password);
    await whoami(sessionUuid);
    return sessionUuid;
  }, 30_000);
  await eventually(async () => assert.equal((await errorOf(whoami(sessionUuid))).code, 16));
  assert.deepEqual(await redis.client.keys("*"), []);
});

function connect(system: System): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis(system.backing.redisUrl);
  return { client, [Symbol.asyncDispose]: () => Promise.resolve(client.disconnect()) };
}

/** Every key and value, whatever its type. */
async function everything(client: Redis): Promise<readonly string[]> {
  const keys = await client.keys("*");
  const values = await Promise.all(
    keys.map(async (key) =>
      await client.type(key) === "zset" ? await client.zrange(key, "0", "-1") : [await client.get(key) ?? ""]
    ),
  );
  return [...keys, ...values.flat()];
}

/** A command that Redis served. */
interface Served {
  /** In lower case. */
  readonly name: string;
  readonly args: readonly string[];
  /** Whether a script called it, and not a client. */
  readonly isOfScript: boolean;
}

/** The commands that Redis serves while `work` runs, in their order, but for those of its health checks. */
async function commandsDuring(client: Redis, work: () => Promise<void>): Promise<readonly Served[]> {
  const monitor = await client.monitor();
  const seen: Served[] = [];
  monitor.on("monitor", (_time: string, [name = "", ...args]: string[], source: string) => {
    seen.push({ name: name.toLowerCase(), args, isOfScript: source === "lua" });
  });
  try {
    await work();
    // Commands are told in their order: once this one is seen, all before it have been.
    await client.echo("done");
    await eventually(() => assert.equal(seen.at(-1)?.name, "echo"));
  } finally {
    monitor.disconnect();
  }
  return seen.filter(({ name }) => !["ping", "echo"].includes(name));
}
