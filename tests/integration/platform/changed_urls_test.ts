import { startBacking } from "@rocket/dev";
import { AccessRefused } from "@rocket/platform/core";
import { postgresUrl, readConfig, redisUrl } from "@rocket/platform/config";
import { createLogger } from "@rocket/platform/log";
import { createPostgres } from "@rocket/platform/postgres";
import { createRedis } from "@rocket/platform/redis";
import { eventually } from "@rocket/platform/testing/eventually";
import { Redis as Client } from "ioredis";
import assert from "node:assert/strict";
import { createSecretFile } from "../../support/secret_file.ts";

Deno.test("a pool whose URL changes finishes its queries, and new ones use the new password", async () => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const first = backing.postgresUrls["platform"] ?? "";
  const second = Object.assign(new URL(first), { password: "second" }).href;
  await using observer = createPostgres(first, { connections: 1 });
  await using file = await createSecretFile(first);
  const { url } = readConfig(
    { url: postgresUrl("PG_URL") },
    (name) => name === "PG_URL_FILE" ? file.path : undefined,
  );
  await using pool = createPostgres(url, { connections: 1 });
  const slowConnection = async () => {
    const [row] = await pool.query((sql) => sql`select pg_sleep(0.2), pg_backend_pid() as pid`);
    return Number(row?.["pid"]);
  };
  const pidsWhere = async (condition: string) => {
    const rows = await observer.query((sql) =>
      sql`select pid from pg_stat_activity where pid <> pg_backend_pid() and ${sql.unsafe(condition)}`
    );
    return rows.map((row) => Number(row?.["pid"]));
  };

  // One runs and two wait for the connection.
  const before = Array.from({ length: 3 }, slowConnection);
  await eventually(async () => assert.equal((await pidsWhere("query like '%pg_sleep%'")).length, 1));
  await observer.query((sql) => sql`alter role current_user password 'second'`);
  await file.replace(second);
  await url.refresh();
  const after = Array.from({ length: 2 }, slowConnection);
  const [old, oldToo, oldAsWell] = await Promise.all(before);
  assert.deepEqual([oldToo, oldAsWell], [old, old]);
  const [current, currentToo] = await Promise.all(after);
  assert.notEqual(current, old);
  assert.equal(currentToo, current);
  await eventually(async () => assert.deepEqual(await pidsWhere("usename = current_user"), [current]));

  await using refused = createPostgres(first);
  await assert.rejects(refused.query((sql) => sql`select 1`), AccessRefused);
});

Deno.test("a Redis whose URL changes finishes its commands, and connects anew with the new user", async () => {
  await using backing = await startBacking({ databases: [], stores: ["redis"], env: Deno.env.toObject() });
  const admin = new Client(backing.redisUrl);
  try {
    const as = (username: string) =>
      Object.assign(new URL(backing.redisUrl), { username, password: "secret" }).href;
    for (const user of ["first", "second"]) {
      await admin.call("ACL", "SETUSER", user, "on", ">secret", "~*", "+@all");
    }
    await using file = await createSecretFile(as("first"));
    const { url } = readConfig(
      { url: redisUrl("REDIS_URL") },
      (name) => name === "REDIS_URL_FILE" ? file.path : undefined,
    );
    const log = createLogger({ service: "test", level: "silent", format: "json" });
    await using redis = createRedis(url, log);
    const user = () => redis.run((client) => client.acl("WHOAMI"));
    const clients = async () => String(await admin.client("LIST")).match(/(?<=user=)(first|second)/g);

    const before = redis.run((client) => client.blpop("queue", 0));
    await eventually(async () =>
      assert.match(String(await admin.client("LIST")), /user=first .*cmd=blpop|cmd=blpop .*user=first/)
    );
    await file.replace(as("second"));
    await url.refresh();
    assert.equal(await user(), "second");
    assert.deepEqual((await clients())?.toSorted(), ["first", "second"]);
    await admin.rpush("queue", "done");
    assert.deepEqual(await before, ["queue", "done"]);
    await eventually(async () => assert.deepEqual(await clients(), ["second"]));
  } finally {
    admin.disconnect();
  }
});
