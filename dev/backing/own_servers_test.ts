import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import pTimeout, { TimeoutError } from "p-timeout";
import type { Backing } from "./backing.ts";
import { DataInUse } from "./errors.ts";
import { dropBackingData, startBacking } from "./start.ts";
import { withPostgres, withRedis } from "./stores.ts";
import { dockerIsUsable, environmentFor, temporaryFolder } from "./testing/own_servers.ts";

const SILENCE_MS = 300;

for (const source of ["local", "docker"] as const) {
  const ignore = source === "docker" && !await dockerIsUsable();
  const env = environmentFor(source);
  const start = (dataDir?: string) =>
    startBacking({
      databases: ["iam", "order"],
      stores: ["postgres", "redis"],
      env,
      ...(dataDir !== undefined && { dataDir }),
    });

  Deno.test(`${source}: stores for one run`, { ignore }, async (t) => {
    const begin = performance.now();
    await using backing = await start();
    const { postgresUrls: { iam = "", order = "" }, redisUrl } = backing;
    // deno-lint-ignore no-console -- how long it took is what a reader of the test's output looks for
    console.log(`ready in ${Math.round(performance.now() - begin)} ms`);

    await t.step("report where they come from", () => {
      assert.equal(backing.source, source);
    });

    await t.step("listen on 127.0.0.1 and require a password", async () => {
      for (const url of [iam, order, redisUrl]) assert.equal(new URL(url).hostname, "127.0.0.1");
      await assert.rejects(withPostgres(withPassword(iam, "wrong"), (sql) => sql`select 1`));
      await assert.rejects(withRedis(withPassword(redisUrl, "wrong"), (redis) => redis.ping()));
      await assert.rejects(withRedis(withPassword(redisUrl, ""), (redis) => redis.ping()));
    });

    await t.step("let each database's user into its own database only, and not as a superuser", async () => {
      const url = new URL(iam);
      url.pathname = "/order";
      await assert.rejects(withPostgres(url.href, (sql) => sql`select 1`), { code: "42501" });
      const [role] = await withPostgres(
        iam,
        (sql) => sql`select current_user as name, rolsuper from pg_roles where rolname = current_user`,
      );
      assert.deepEqual({ ...role }, { name: "iam", rolsuper: false });
    });

    await t.step("take 200 connections, know letters beyond ASCII, and speak UTF-8", async () => {
      const [row] = await withPostgres(
        iam,
        (sql) => sql`select current_setting('max_connections') as connections, lower('ÉЖ') as lower`,
      );
      assert.deepEqual({ ...row }, { connections: "200", lower: "éж" });
    });

    await t.step("persist every write to Redis, and never evict", async () => {
      const settings = await withRedis(
        redisUrl,
        (redis) => redis.config("GET", "appendonly", "maxmemory-policy"),
      );
      assert.deepEqual([...settings as string[]].sort(), [
        "appendonly",
        "maxmemory-policy",
        "noeviction",
        "yes",
      ]);
    });

    await t.step("keep their data and their ports over a stop and a start", async () => {
      await write(backing, "stopped");
      await Promise.all([backing.postgres.stop(), backing.redis.stop()]);
      await assert.rejects(read(backing));
      await Promise.all([backing.postgres.start(), backing.redis.start()]);
      assert.deepEqual(await read(backing), ["stopped", "stopped"]);
    });

    await t.step("keep their data over a crash", async () => {
      await write(backing, "crashed");
      assert.deepEqual(await Promise.all([backing.postgres.isRunning(), backing.redis.isRunning()]), [
        true,
        true,
      ]);
      await Promise.all([backing.postgres.kill(), backing.redis.kill()]);
      assert.deepEqual(await Promise.all([backing.postgres.isRunning(), backing.redis.isRunning()]), [
        false,
        false,
      ]);
      await assert.rejects(read(backing));
      await Promise.all([backing.postgres.start(), backing.redis.start()]);
      assert.deepEqual(await read(backing), ["crashed", "crashed"]);
    });

    await t.step("are started again after Redis has ended by itself", async () => {
      await withRedis(redisUrl, (redis) => redis.shutdown("NOSAVE")).catch(() => {});
      await eventually(async () => assert.equal(await backing.redis.isRunning(), false));
      await backing.redis.start();
      assert.deepEqual(await read(backing), ["crashed", "crashed"]);
    });

    await t.step("do not answer while paused, on old or new connections, and then continue", async () => {
      await withPostgres(iam, async (sql) => {
        await sql`select 1`;
        await Promise.all([backing.postgres.pause(), backing.redis.pause()]);
        const answers = [sql`select 1`, read(backing)];
        await assert.rejects(pTimeout(Promise.race(answers), { milliseconds: SILENCE_MS }), TimeoutError);
        await Promise.all([backing.postgres.resume(), backing.redis.resume()]);
        await Promise.all(answers);
      });
    });

    await t.step("can be stopped twice and started twice", async () => {
      for (const server of [backing.postgres, backing.redis]) {
        await server.stop();
        await server.stop();
        await server.start();
        await server.start();
      }
      await read(backing);
    });
  });

  Deno.test(`${source}: stores are disposed of in any state`, { ignore }, async () => {
    await using backing = await start();
    await backing.postgres.pause();
    await backing.redis.stop();
  });

  Deno.test(`${source}: data that last`, { ignore }, async (t) => {
    await using stack = new AsyncDisposableStack();
    const { path: dataDir } = stack.use(await temporaryFolder());
    stack.defer(() => dropBackingData(dataDir));

    await t.step("are refused to a second run at the same time", async () => {
      await using backing = await start(dataDir);
      await assert.rejects(start(dataDir), new DataInUse(dataDir, String(Deno.pid)));
      await assert.rejects(dropBackingData(dataDir), DataInUse);
      await write(backing, "yesterday");
    });

    await t.step("are kept until the next run", async () => {
      await using backing = await start(dataDir);
      assert.deepEqual(await read(backing), ["yesterday", "yesterday"]);
      await write(backing, "before the crash");
      await Promise.all([backing.postgres.kill(), backing.redis.kill()]);
    });

    await t.step("survive a crash that left Postgres's lock file behind", async () => {
      await using backing = await start(dataDir);
      assert.deepEqual(await read(backing), ["before the crash", "before the crash"]);
    });

    await t.step("make the next run take the same way", async () => {
      await using backing = await startBacking({
        databases: ["iam"],
        stores: ["postgres", "redis"],
        env: { ...env, BACKING: "" },
        dataDir,
      });
      assert.equal(backing.source, source);
    });

    await t.step("are gone once dropped", async () => {
      await dropBackingData(dataDir);
      await using backing = await start(dataDir);
      await assert.rejects(read(backing), { code: "42P01" });
    });
  });
}

function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}

/** Leaves a word in the database of IAM and in Redis. */
async function write({ postgresUrls: { iam = "" }, redisUrl }: Backing, word: string): Promise<void> {
  await withPostgres(iam, async (sql) => {
    await sql`set client_min_messages to warning`;
    await sql`create table if not exists words (word text not null)`;
    await sql`truncate words`;
    await sql`insert into words values (${word})`;
  });
  await withRedis(redisUrl, (redis) => redis.set("word", word));
}

/** The words in the database of IAM and in Redis. */
async function read({ postgresUrls: { iam = "" }, redisUrl }: Backing): Promise<unknown[]> {
  return await Promise.all([
    withPostgres(iam, async (sql) => (await sql`select word from words`)[0]?.["word"]),
    withRedis(redisUrl, (redis) => redis.get("word")),
  ]);
}
