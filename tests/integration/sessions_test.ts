import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { logIn, registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

/** Less than IAM's deadline for Redis. */
const FROZEN_MS = 1_500;

const DAY_MS = 24 * 60 * 60 * 1_000;

Deno.test("sessions in Redis", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  await using redis = connect(system);

  await t.step(
    "7.3.2: a session's key lives exactly until the expires_at that Whoami reports, 24 h from login",
    async () => {
      await redis.client.flushall();
      const before = Date.now();
      const { sessionUuid } = await registerAndLogIn(system);
      const [key = ""] = await redis.client.keys("iam:session:*");
      const { session } = await answerOf(system.auth.whoami({ sessionUuid }));
      const [createdAt = 0, expiresAt = 0] = [session?.createdAt?.getTime(), session?.expiresAt?.getTime()];
      assert.equal(await redis.client.pexpiretime(key), expiresAt);
      assert.equal(expiresAt - createdAt, DAY_MS);
      assert.ok(createdAt >= before);
    },
  );

  await t.step("Whoami does not extend a session", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    const first = await answerOf(system.auth.whoami({ sessionUuid }));
    const second = await answerOf(system.auth.whoami({ sessionUuid }));
    assert.deepEqual(first, second);
  });

  await t.step("every key in Redis has an expiry", async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => registerAndLogIn(system)));
    await Promise.all(people.map(({ login, password }) => logIn(system, login, password)));
    const keys = await redis.client.keys("*");
    assert.ok(keys.length >= 15);
    for (const key of keys) assert.ok(await redis.client.pttl(key) > 0, key);
  });

  await t.step(
    "no command or script of a login spans two slots of a cluster, and none writes a key without an expiry",
    async () => {
      const { login, password } = await registerAndLogIn(system);
      const commands = await commandsDuring(redis.client, async () => {
        await logIn(system, login, password);
      });
      const sent = commands.filter(({ isFromScript }) => !isFromScript);
      assert.deepEqual(sent.map(({ name }) => name), ["eval", "set", "eval"]);
      for (const { name, args } of sent) {
        const keys = name === "eval" ? args.slice(2, 2 + Number(args[1])) : args.slice(0, 1);
        const slots = new Set(keys.map((key) => /\{(.+)\}/.exec(key)?.[1] ?? key));
        assert.equal(slots.size, 1, keys.join(", "));
      }
      assert.equal(sent[1]?.args[2], "PXAT");
    },
  );

  await t.step("a stolen copy of the Redis data opens no session", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
    const values = await allKeysAndValues(redis.client);
    assert.ok(values.length > 0);
    assert.ok(!values.some((value) => value.includes(sessionUuid)));
    // Every digest, UUID and word that is in the data.
    const words = new Set(values.flatMap((value) => value.match(/[\w-]{8,}/g) ?? []));
    assert.ok(words.size > 3);
    for (const word of words) {
      assert.equal(await statusOf(system.auth.whoami({ sessionUuid: word })), "UNAUTHENTICATED", word);
    }
  });

  await t.step("a user's sessions are listed, and the list expires with the last of them", async () => {
    const { userUuid, login, password } = await registerAndLogIn(system);
    await logIn(system, login, password);
    const key = `iam:{${userUuid}}:sessions`;
    assert.equal(await redis.client.zcard(key), 2);
    const [, lastEnd] = await redis.client.zrange(key, "-1", "-1", "WITHSCORES");
    assert.equal(await redis.client.pexpiretime(key), Number(lastEnd));
  });

  await t.step("Whoami is one round trip to Redis and none to Postgres", async () => {
    const { sessionUuid } = await registerAndLogIn(system);
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

Deno.test("with a short SESSION_TTL", async (t) => {
  await using system = await startSystem({ services: ["iam"], env: { SESSION_TTL: "3s" } });
  await using redis = connect(system);
  const { login, password } = await registerAndLogIn(system);
  const whoami = (sessionUuid: string) => system.auth.whoami({ sessionUuid });

  /** Repeats a login until its session could be used before it expired, which a busy machine may miss. */
  const openSession = (work: () => Promise<string>) =>
    eventually(async () => {
      const sessionUuid = await work();
      const { session } = await answerOf(whoami(sessionUuid));
      return { sessionUuid, expiresAt: session?.expiresAt?.getTime() ?? 0 };
    });

  await t.step("an expired session is refused, and leaves nothing in Redis", async () => {
    const { sessionUuid } = await openSession(() => logIn(system, login, password));
    await eventually(async () => assert.equal((await errorOf(whoami(sessionUuid))).code, 16));
    await eventually(async () =>
      assert.deepEqual((await redis.client.keys("*")).filter((key) => !BESIDES.test(key)), [])
    );
  });

  await t.step("a session that Redis stored late is still refused after its expires_at", async () => {
    const { sessionUuid, expiresAt } = await openSession(async () => {
      await system.backing.redis.pause();
      const thaw = async () => {
        await delay(FROZEN_MS);
        await system.backing.redis.resume();
      };
      const [opened] = await Promise.allSettled([logIn(system, login, password), thaw()]);
      if (opened.status === "rejected") throw opened.reason;
      return opened.value;
    });
    let askedAt = 0;
    let status = "OK";
    while (status === "OK") {
      assert.ok(askedAt < expiresAt, `accepted ${askedAt - expiresAt} ms after its expires_at`);
      askedAt = Date.now();
      status = await statusOf(whoami(sessionUuid));
    }
    assert.equal(status, "UNAUTHENTICATED");
  });
});

function connect(system: System): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis(system.backing.redisUrl);
  return { client, [Symbol.asyncDispose]: () => Promise.resolve(client.disconnect()) };
}

/** Returns all keys and values, of any type. */
async function allKeysAndValues(client: Redis): Promise<readonly string[]> {
  const keys = await client.keys("*");
  const values = await Promise.all(
    keys.map(async (key) =>
      await client.type(key) === "zset" ? await client.zrange(key, "0", "-1") : [await client.get(key) ?? ""]
    ),
  );
  return [...keys, ...values.flat()];
}

/** A command that Redis served. */
interface ServedCommand {
  /** The command in lower case. */
  readonly name: string;
  readonly args: readonly string[];
  /** Whether a script sent it, rather than a client. */
  readonly isFromScript: boolean;
}

/** Part of commands that are no part of a session: those of health checks, and of throttles, which have tests of their own. */
const BESIDES = /^iam:(?:throttle:|session:probe$|\{probe\})/;

/** Returns the commands about sessions that Redis serves while `work` runs, in order. */
async function commandsDuring(client: Redis, work: () => Promise<void>): Promise<readonly ServedCommand[]> {
  const monitor = await client.monitor();
  const seen: ServedCommand[] = [];
  monitor.on("monitor", (_time: string, [name = "", ...args]: string[], source: string) => {
    seen.push({ name: name.toLowerCase(), args, isFromScript: source === "lua" });
  });
  try {
    await work();
    // The monitor reports commands in order: once this one is seen, so are all before it.
    await client.echo("done");
    await eventually(() => assert.equal(seen.at(-1)?.name, "echo"));
  } finally {
    monitor.disconnect();
  }
  return seen.filter(({ name, args }) => name !== "echo" && !args.some((arg) => BESIDES.test(arg)));
}
