import assert from "node:assert/strict";
import { Redis } from "ioredis";
import postgres from "postgres";
import { createHealthProbe } from "@rocket/platform/grpc";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, errorOf } from "@rocket/platform/testing/raw-client";
import { logIn, registerAndLogIn } from "../support/person.ts";
import { IAM_PERMISSIONS } from "../support/redis_servers.ts";
import { startSystem, type System } from "../support/system.ts";

/** Stores are probed every 2 s; the rest is for a busy machine. */
const NOTICED_MS = 10_000;

Deno.test("a store that refuses access fails IAM's start at once, with the cause", async (t) => {
  await using system = await startSystem({ services: [] });
  await using redis = admin(system);
  const postgresUrl = system.variable("IAM_POSTGRES_URL");
  const { redisUrl } = system.backing;

  await redis.client.call("ACL", "SETUSER", "lacking", "on", ">secret", ...IAM_PERMISSIONS, "-zadd");
  for (
    const [what, env, cause] of [
      [
        "a wrong Postgres password",
        { IAM_POSTGRES_URL: edited(postgresUrl, "password", "wrong") },
        'postgres is unavailable: password authentication failed for user "iam"',
      ],
      [
        "no such Postgres database",
        { IAM_POSTGRES_URL: edited(postgresUrl, "pathname", "/nowhere") },
        'postgres is unavailable: database "nowhere" does not exist',
      ],
      [
        "a wrong Redis password",
        { IAM_REDIS_URL: edited(redisUrl, "password", "wrong") },
        "redis is unavailable: WRONGPASS invalid username-password pair or user is disabled.",
      ],
      [
        "no such Redis database",
        { IAM_REDIS_URL: edited(redisUrl, "pathname", "/99") },
        "redis is unavailable: ERR DB index is out of range",
      ],
      [
        "a Redis user that lacks a command",
        { IAM_REDIS_URL: edited(edited(redisUrl, "password", "secret"), "username", "lacking") },
        /^redis is unavailable: .*The user executing the script can't run this command/,
      ],
    ] as const
  ) {
    await t.step(what, async () => {
      await using iam = await system.launch("iam", env);
      assert.equal((await iam.waitForExit()).code, 1);
      const last = iam.output.at(-1) ?? "";
      if (typeof cause === "string") assert.equal(last, cause);
      else assert.match(last, cause);
      const output = iam.output.join("\n");
      assert.ok(!output.includes("waiting for stores"), output);
      for (const url of [postgresUrl, redisUrl]) assert.ok(!output.includes(new URL(url).password));
    });
  }
  assert.deepEqual(await redis.client.keys("*"), []);
});

Deno.test("IAM needs no permission in Redis beyond those it uses for sessions", async () => {
  await using system = await startSystem({ services: [] });
  await using redis = admin(system);
  await redis.client.call("ACL", "SETUSER", "iam", "on", ">secret", ...IAM_PERMISSIONS);
  const url = edited(edited(system.backing.redisUrl, "password", "secret"), "username", "iam");
  await system.start("iam", { IAM_REDIS_URL: url });
  const { sessionUuid } = await registerAndLogIn(system);
  await answerOf(system.auth.whoami({ sessionUuid }));
});

Deno.test("stores that accept no writes", async (t) => {
  await using system = await startSystem({ services: ["iam"] });
  await using redis = admin(system);
  await using health = createHealthProbe("iam", system.variable("IAM_GRPC_TARGET"));
  const person = await registerAndLogIn(system);

  for (
    const [what, setting, value, prefix] of [
      ["lacks replicas", "min-replicas-to-write", "1", "NOREPLICAS"],
      ["is out of memory", "maxmemory", "1", "OOM"],
    ] as const
  ) {
    await t.step(
      `while Redis ${what}, a login is UNAVAILABLE, health is NOT_SERVING, and the log has the cause`,
      async () => {
        await redis.client.config("SET", setting, value);
        const error = await errorOf(system.auth.login(person));
        assert.deepEqual([error.code, error.details], [14, "redis is unavailable"]);
        await eventually(() => assert.rejects(health.probe(), /NOT_SERVING/), NOTICED_MS);
        await system.process("iam").waitForLine(new RegExp(`"causes":\\["redis is unavailable: ${prefix} `));
        await redis.client.config("SET", setting, "0");
        await eventually(() => health.probe(), NOTICED_MS);
        await logIn(system, person.login, person.password);
      },
    );
  }

  await t.step(
    "while Postgres is read-only, a registration is UNAVAILABLE, and afterwards it works",
    async () => {
      await setDefault(system, "default_transaction_read_only", "on");
      await restartConnections(system);
      const error = await errorOf(registerAndLogIn(system));
      assert.deepEqual([error.code, error.details], [14, "postgres is unavailable"]);
      await eventually(async () => {
        await errorOf(registerAndLogIn(system));
        await system.process("iam").linesUntil(/in a read-only transaction/, 1_000);
      });
      await setDefault(system, "default_transaction_read_only", "off");
      await eventually(() => registerAndLogIn(system), NOTICED_MS * 2);
    },
  );
});

Deno.test("a session opens even if the database has another date style and time zone", async () => {
  await using system = await startSystem({ services: [] });
  await setDefault(system, "datestyle", "German");
  await setDefault(system, "timezone", "Asia/Kathmandu");
  await system.start("iam");
  const { sessionUuid, userUuid } = await registerAndLogIn(system);
  const { user } = await answerOf(system.auth.whoami({ sessionUuid }));
  assert.equal(user?.uuid, userUuid);
  assert.ok(Math.abs((user?.createdAt?.getTime() ?? 0) - Date.now()) < 60_000);
});

/** A URL with one part replaced. */
function edited(url: string, part: "username" | "password" | "pathname", value: string): string {
  const copy = new URL(url);
  copy[part] = value;
  return copy.href;
}

function admin(system: System): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis(system.backing.redisUrl);
  return { client, [Symbol.asyncDispose]: () => Promise.resolve(client.disconnect()) };
}

async function setDefault(system: System, name: string, value: string): Promise<void> {
  await administer(system, `alter database iam set ${name} = '${value}'`);
}

/** Ends all connections: new ones get the database's new defaults. */
async function restartConnections(system: System): Promise<void> {
  await administer(
    system,
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = user and pid <> pg_backend_pid()",
  );
}

async function administer(system: System, statement: string): Promise<void> {
  const sql = postgres(`${system.variable("IAM_POSTGRES_URL")}?default_transaction_read_only=off`, {
    max: 1,
  });
  await sql.unsafe(statement);
  await sql.end();
}
