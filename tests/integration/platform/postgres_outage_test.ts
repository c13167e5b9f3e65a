import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { DeadlineExceeded, Unavailable } from "@rocket/platform/core";
import { createPostgres, type Postgres } from "@rocket/platform/postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import { BUSY_HOP_MS, closeInEachState } from "../../support/closing.ts";
import { countRunning } from "../../support/running_queries.ts";

Deno.test("the Postgres pool while its server is down, killed or frozen", async (t) => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["platform"] ?? "";
  const server = backing.postgres;

  await t.step(
    "while the server is down, queries fail fast as unavailable, and once it is back they work",
    async () => {
      await using pool = createPostgres(url);
      await pool.query((sql) => sql`select 1`);
      await server.stop();
      for (let burst = 0; burst < 2; burst++) {
        // A query that waited for the hop's limit would be DeadlineExceeded.
        await Promise.all(
          Array.from({ length: 200 }, () => assert.rejects(pool.query((sql) => sql`select 1`), Unavailable)),
        );
      }
      await server.start();
      await eventually(() => pool.query((sql) => sql`select 1`));
    },
  );

  await t.step("queries in flight when the server is killed are unavailable", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) => sql`select 1`);
    const refused = [1, 2, 3].map(() =>
      assert.rejects(pool.query((sql) => sql`select pg_sleep(60)`), Unavailable)
    );
    await eventually(async () => assert.ok(await countRunning(pool, "pg_sleep") >= 1));
    await server.kill();
    await Promise.all(refused);
    await server.start();
    await eventually(() => pool.query((sql) => sql`select 1`));
  });

  await t.step(
    "while the server is frozen, queries time out at the hop's limit and do not pile up",
    async () => {
      await using pool = createPostgres(url, { connections: 2 });
      await pool.query((sql) => sql`create table frozen (number int)`);
      await pool.query((sql) => sql`select 1`);
      await server.pause();
      try {
        for (let burst = 0; burst < 3; burst++) {
          const times = await Promise.all(
            Array.from({ length: 100 }, () => timeToRejection(pool)),
          );
          assert.ok(Math.max(...times) < BUSY_HOP_MS, `${Math.max(...times)} ms`);
        }
      } finally {
        await server.resume();
      }
      await eventually(() => pool.query((sql) => sql`select 1`));
      // Queries that had reached the server when it froze may run; those still queued in the pool may not.
      const [row] = await pool.query((sql) => sql`select count(*)::int as count from frozen`);
      assert.ok(row?.["count"] <= 6, `${row?.["count"]} ran`);
    },
  );

  await t.step(
    "a query that waits while a hung connection is replaced has its own time all the same",
    async () => {
      await using pool = createPostgres(url, { connections: 1 });
      await pool.query((sql) => sql`select 1`);
      await server.pause();
      try {
        await assert.rejects(pool.query((sql) => sql`select 1`), DeadlineExceeded);
        // The first one holds the connection for another second; then the pool opens another.
        await assert.rejects(pool.query((sql) => sql`select 2`), DeadlineExceeded);
      } finally {
        await server.resume();
      }
    },
  );

  await t.step(
    "a pool closes without waiting for its queries, whether the server is up, frozen or down",
    () =>
      closeInEachState(server, async () => {
        const client = createPostgres(url);
        await client.query((sql) => sql`select 1`);
        const query = client.query((sql) => sql`select pg_sleep(60)`).then(() => "answered", () => "aborted");
        return { client, afterwards: async () => assert.equal(await query, "aborted") };
      }),
  );
});

async function timeToRejection(pool: Postgres): Promise<number> {
  const startedAt = performance.now();
  await assert.rejects(pool.query((sql) => sql`insert into frozen values (1)`));
  return performance.now() - startedAt;
}
