import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { DeadlineExceeded, runWithRequest, Unavailable } from "@rocket/platform/core";
import {
  brokenCheckConstraint,
  brokenUniqueConstraint,
  createPostgres,
  type Postgres,
} from "@rocket/platform/postgres";
import { eventually } from "@rocket/platform/testing/eventually";

/** What a query may take to fail, in milliseconds: a hop's limit, and the machine's own business. */
const FAST_MS = 2_500;

Deno.test("the Postgres pool", async (t) => {
  await using backing = await startBacking({ databases: ["platform"], env: Deno.env.toObject() });
  const url = backing.postgresUrls["platform"] ?? "";
  const server = backing.postgres;

  await t.step("queries run beside each other, no more at once than there are connections", async () => {
    await using pool = createPostgres(url, { connections: 3 });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => pool.query((sql) => sql`select pg_sleep(0.2)`)));
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs > 390 && tookMs < 1_500, `${tookMs} ms`);
    const [row] = await pool.query((sql) =>
      sql`
      select count(*)::int as count from pg_stat_activity where application_name = 'postgres.js'`
    );
    assert.equal(row?.["count"], 3);
  });

  await t.step("an error of the query's own is thrown as the database gave it", async () => {
    await using pool = createPostgres(url);
    await assert.rejects(pool.query((sql) => sql`select 1/0`), { code: "22012" });
    await pool.query((sql) => sql`create table named (name text constraint named_key unique)`);
    await pool.query((sql) => sql`insert into named values ('a')`);
    const broken = pool.query((sql) => sql`insert into named values ('a')`);
    await assert.rejects(broken, (error: unknown) => {
      assert.deepEqual([brokenUniqueConstraint(error), brokenCheckConstraint(error)], [
        "named_key",
        undefined,
      ]);
      return true;
    });
  });

  await t.step("a broken check is told by its name, and is no unique constraint", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) =>
      sql`create table counted (count int constraint counted_count check (count >= 0))`
    );
    const broken = pool.query((sql) => sql`insert into counted values (-1)`);
    await assert.rejects(broken, (error: unknown) => {
      assert.deepEqual([brokenCheckConstraint(error), brokenUniqueConstraint(error)], [
        "counted_count",
        undefined,
      ]);
      return true;
    });
    assert.equal(brokenCheckConstraint(new Error("23514")), undefined);
  });

  await t.step("a query over its hop's limit is given up on, and stopped in the database too", async () => {
    await using pool = createPostgres(url);
    assert.ok(await timeToRejection(pool, DeadlineExceeded, "select pg_sleep(60), 'over'") < FAST_MS);
    await eventually(async () => assert.equal(await running(pool, "over"), 0));
  });

  await t.step("a query is given no longer than what is left of its request", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) => sql`select 1`);
    const context = { requestId: "r-1", deadline: Date.now() + 200 };
    const tookMs = await runWithRequest(
      context,
      () => timeToRejection(pool, DeadlineExceeded, "select pg_sleep(60)"),
    );
    assert.ok(tookMs < 700, `${tookMs} ms`);
  });

  await t.step(
    "a query that waits for a connection is given up on like one that runs, and never runs",
    async () => {
      await using pool = createPostgres(url, { connections: 1 });
      await pool.query((sql) => sql`create table waited (number int)`);
      const slow = pool.query((sql) => sql`select pg_sleep(1)`);
      const context = { requestId: "r-1", deadline: Date.now() + 200 };
      const insert = runWithRequest(context, () => pool.query((sql) => sql`insert into waited values (1)`));
      await assert.rejects(insert, DeadlineExceeded);
      await slow;
      assert.deepEqual([...await pool.query((sql) => sql`select * from waited`)], []);
    },
  );

  await t.step("giving up on one query leaves those beside it alone", async () => {
    await using pool = createPostgres(url, { connections: 1 });
    await pool.query((sql) => sql`select 1`);
    const context = { requestId: "r-1", deadline: Date.now() + 100 };
    const slow = runWithRequest(context, () => pool.query((sql) => sql`select pg_sleep(0.5)`));
    const beside = Promise.all(
      Array.from({ length: 20 }, () => pool.query((sql) => sql`select pg_sleep(0.02)`)),
    );
    await assert.rejects(slow, DeadlineExceeded);
    await beside;
  });

  await t.step(
    "while the server is down every query of a burst fails fast as unavailable, and once it is back all work",
    async () => {
      await using pool = createPostgres(url);
      await pool.query((sql) => sql`select 1`);
      await server.stop();
      for (let burst = 0; burst < 2; burst++) {
        const times = await Promise.all(
          Array.from({ length: 200 }, () => timeToRejection(pool, Unavailable)),
        );
        assert.ok(Math.max(...times) < FAST_MS, `${Math.max(...times)} ms`);
      }
      await server.start();
      await eventually(() => pool.query((sql) => sql`select 1`), 2_000);
    },
  );

  await t.step("a server that is killed under its queries is unavailable", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) => sql`select 1`);
    const refused = Promise.all(
      [1, 2, 3].map(() => timeToRejection(pool, Unavailable, "select pg_sleep(1.9)")),
    );
    await eventually(async () => assert.ok(await running(pool, "pg_sleep") >= 1));
    await server.kill();
    assert.ok(Math.max(...await refused) < FAST_MS);
    await server.start();
    await eventually(() => pool.query((sql) => sql`select 1`), 2_000);
  });

  await t.step(
    "while the server is frozen queries are given up on at the hop's limit, and do not pile up",
    async () => {
      await using pool = createPostgres(url, { connections: 2 });
      await pool.query((sql) => sql`create table frozen (number int)`);
      await pool.query((sql) => sql`select 1`);
      await server.pause();
      try {
        for (let burst = 0; burst < 3; burst++) {
          const times = await Promise.all(
            Array.from({ length: 100 }, () => timeToRejection(pool, Error, "insert into frozen values (1)")),
          );
          assert.ok(Math.max(...times) < FAST_MS, `${Math.max(...times)} ms`);
        }
      } finally {
        await server.resume();
      }
      await eventually(() => pool.query((sql) => sql`select 1`), 2_000);
      // What had reached the server when it froze may be carried out; what waited here may not.
      const [row] = await pool.query((sql) => sql`select count(*)::int as count from frozen`);
      assert.ok(row?.["count"] <= 6, `${row?.["count"]} carried out`);
    },
  );

  await t.step("a pool is closed in 2 s, whatever its server does", async () => {
    for (const state of ["up", "frozen", "down"] as const) {
      const pool = createPostgres(url);
      await pool.query((sql) => sql`select 1`);
      const underWay = pool.query((sql) => sql`select pg_sleep(60)`).catch(() => "given up");
      if (state === "frozen") await server.pause();
      if (state === "down") await server.stop();
      const startedAt = performance.now();
      await pool[Symbol.asyncDispose]();
      const tookMs = performance.now() - startedAt;
      if (state === "frozen") await server.resume();
      if (state === "down") await server.start();
      assert.ok(tookMs < 2_500, `${state}: ${tookMs} ms`);
      assert.equal(await underWay, "given up");
    }
  });

  await t.step("a pool that was never used is closed at once", async () => {
    const pool = createPostgres(url);
    await pool[Symbol.asyncDispose]();
  });
});

Deno.test("a database that does not exist, and a password that is wrong, are unavailable", async () => {
  await using backing = await startBacking({ databases: ["platform"], env: Deno.env.toObject() });
  const right = new URL(backing.postgresUrls["platform"] ?? "");
  const wrongDatabase = new URL(right);
  wrongDatabase.pathname = "/nowhere";
  const wrongUser = new URL(right);
  wrongUser.username = "nobody_at_all";
  for (const { href } of [wrongDatabase, wrongUser]) {
    await using pool = createPostgres(href);
    await assert.rejects(pool.query((sql) => sql`select 1`), Unavailable);
  }
});

async function timeToRejection(
  pool: Postgres,
  kind: typeof Error | typeof Unavailable | typeof DeadlineExceeded,
  query = "select 1",
) {
  const startedAt = performance.now();
  await assert.rejects(pool.query((sql) => sql.unsafe(query)), kind);
  return performance.now() - startedAt;
}

/** How many queries whose text contains the word are under way in the database. */
async function running(pool: Postgres, word: string): Promise<number> {
  const [row] = await pool.query((sql) =>
    sql`
    select count(*)::int as count from pg_stat_activity
    where state = 'active' and pid <> pg_backend_pid() and query like ${`%${word}%`}`
  );
  return row?.["count"];
}
