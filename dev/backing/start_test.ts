import assert from "node:assert/strict";
import { BackingMisconfigured, NotOurServer } from "./errors.ts";
import { startBacking } from "./start.ts";
import { withPostgres, withRedis } from "./stores.ts";
import { environmentFor } from "./testing/own_servers.ts";

Deno.test("stores that the environment names", async (t) => {
  await using named = await startBacking({
    databases: ["iam"],
    stores: ["postgres", "redis"],
    env: environmentFor("local"),
  });
  const { postgresUrls: { iam = "" }, redisUrl } = named;
  const env = { ...environmentFor("local"), IAM_POSTGRES_URL: iam, IAM_REDIS_URL: redisUrl };

  await t.step("are used as they are, and not stopped", async () => {
    const backing = await startBacking({ databases: ["iam"], stores: ["postgres", "redis"], env });
    assert.equal(backing.source, "environment");
    assert.deepEqual(backing.postgresUrls, { iam });
    assert.equal(backing.redisUrl, redisUrl);
    await assert.rejects(backing.postgres.stop(), NotOurServer);
    await backing[Symbol.asyncDispose]();
    await withPostgres(iam, (sql) => sql`select 1`);
    await withRedis(redisUrl, (redis) => redis.ping());
  });

  await t.step("are completed by stores of ours", async () => {
    await using backing = await startBacking({
      databases: ["iam"],
      stores: ["postgres", "redis"],
      env: { ...env, IAM_REDIS_URL: "" },
    });
    assert.equal(backing.source, "local");
    assert.deepEqual(backing.postgresUrls, { iam });
    assert.notEqual(backing.redisUrl, redisUrl);
    await backing.redis.stop();
    await assert.rejects(backing.postgres.stop(), NotOurServer);
  });

  await t.step("must have the databases", async () => {
    const url = new URL(iam);
    url.pathname = "/elsewhere";
    const misnamed = startBacking({
      databases: ["iam"],
      stores: ["postgres", "redis"],
      env: { ...env, IAM_POSTGRES_URL: url.href },
    });
    await assert.rejects(misnamed, (error) => {
      assert(error instanceof BackingMisconfigured);
      assert.match(error.message, /IAM_POSTGRES_URL .* "elsewhere" does not exist/);
      return true;
    });
  });
});
