import assert from "node:assert/strict";
import { Redis } from "ioredis";
import postgres from "postgres";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const MIGRATIONS = new URL("../../migrations/iam/", import.meta.url);

Deno.test("starting IAM", async (t) => {
  await t.step(
    "two instances started at once on an empty database both start, and each migration runs once",
    async () => {
      await using system = await startSystem({ services: [] });
      await using first = system.launch("iam");
      await using second = system.launchReplica("iam");
      const logs = await Promise.all([first, second].map((iam) => iam.linesUntil(/"msg":"ready"/)));

      const applied = logs.flat().filter((line) => line.includes("migration applied"));
      const names = await rows(system, "select name from migrations order by id");
      const files = [...Deno.readDirSync(MIGRATIONS)].map(({ name }) => name).toSorted();
      assert.deepEqual(names.map(({ name }) => name), files);
      assert.equal(applied.length, files.length);
    },
  );

  await t.step(
    "a migration that fails stops the start and is named, with the database's message",
    async () => {
      await using system = await startSystem({ services: [] });
      await rows(system, "create table users (anything text)");
      await using iam = system.launch("iam");
      assert.equal((await iam.waitForExit()).code, 1);
      const output = iam.output.join("\n");
      assert.match(output, /migration 001_users\.ts failed: relation "users" already exists/);
      assert.ok(!output.includes('"msg":"ready"'));
      assert.deepEqual(await rows(system, "select to_regclass('migrations')"), [{ to_regclass: null }]);
    },
  );

  await t.step("a taken port is named", async () => {
    await using system = await startSystem({ services: ["iam"] });
    await using second = system.launch("iam");
    assert.equal((await second.waitForExit()).code, 1);
    const port = system.variable("IAM_GRPC_PORT");
    assert.match(second.output.join("\n"), new RegExp(`can't listen on 127\\.0\\.0\\.1:${port}`));
  });

  await t.step("it waits for a store that is still starting", async () => {
    await using system = await startSystem({ services: [] });
    await system.backing.redis.stop();
    await using iam = system.launch("iam");
    await iam.waitForLine(/"missing":"redis","msg":"waiting for stores"/);
    await system.backing.redis.start();
    await iam.waitForLine(/"msg":"ready"/);
  });

  await t.step("it warns if Redis may evict sessions", async () => {
    await using system = await startSystem({ services: ["iam"] });
    const log = await system.process("iam").linesUntil(/"msg":"ready"/);
    assert.ok(!log.some((line) => line.includes("evict")));
    const redis = new Redis(system.backing.redisUrl);
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    redis.disconnect();
    await using second = system.launchReplica("iam");
    await second.waitForLine(/"policy":"allkeys-lru","msg":"redis may evict sessions/);
  });

  await t.step("it starts, with a warning, if Redis does not let it read the eviction policy", async () => {
    await using system = await startSystem({ services: [] });
    const redis = new Redis(system.backing.redisUrl);
    await redis.call("ACL", "SETUSER", "iam", "on", ">secret", "~*", "+@all", "-info");
    redis.disconnect();
    const url = Object.assign(new URL(system.backing.redisUrl), { username: "iam", password: "secret" });
    await system.start("iam", { IAM_REDIS_URL: url.href });
    await system.process("iam").linesUntil(/"msg":"could not read the maxmemory-policy of redis/);
    await registerAndLogIn(system);
  });

  await t.step("SIGTERM ends it with exit code 0", async () => {
    await using system = await startSystem({ services: ["iam"] });
    assert.equal((await system.stop("iam")).code, 0);
  });
});

async function rows(system: System, query: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(system.variable("IAM_POSTGRES_URL"), { max: 1, onnotice: () => {} });
  try {
    return [...await sql.unsafe(query)];
  } finally {
    await sql.end();
  }
}
