import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import {
  AccessRefused,
  DeadlineExceeded,
  HOP_LIMIT_MS,
  runWithRequest,
  Unavailable,
} from "@rocket/platform/core";
import {
  brokenCheckConstraint,
  brokenUniqueConstraint,
  createPostgres,
  type Postgres,
} from "@rocket/platform/postgres";
import postgres from "postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import { startForwarder } from "../../support/forwarder.ts";
import { HAS_IPV6 } from "../../support/service_ports.ts";

/** A hop's limit on a machine that is ten times slower, in milliseconds; a defect would take far longer. */
const BUSY_HOP_MS = 10 * HOP_LIMIT_MS;

Deno.test("the Postgres pool", async (t) => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["platform"] ?? "";
  const server = backing.postgres;

  await t.step("queries run concurrently, at most one per connection", async () => {
    await using pool = createPostgres(url, { connections: 3 });
    const sleeping = Promise.all(
      Array.from({ length: 6 }, () => pool.query((sql) => sql`select pg_sleep(0.5)`)),
    );
    {
      await using observer = createPostgres(url, { connections: 1 });
      await eventually(async () => assert.equal(await running(observer, "pg_sleep"), 3));
    }
    await sleeping;
    // The server may still be ending the observer's connection.
    await eventually(async () => {
      const [row] = await pool.query((sql) =>
        sql`
        select count(*)::int as count from pg_stat_activity where application_name = 'postgres.js'`
      );
      assert.equal(row?.["count"], 3);
    });
  });

  await t.step("a transaction is committed, or rolled back if its work throws", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) => sql`create table steps (step int)`);
    const fault = new TypeError("ours");
    await assert.rejects(
      pool.transaction(async (sql) => {
        await sql`insert into steps values (1)`;
        throw fault;
      }, BUSY_HOP_MS),
      fault,
    );
    const done = await pool.transaction(async (sql) => {
      await sql`insert into steps values (2)`;
      return "done";
    }, BUSY_HOP_MS);
    assert.equal(done, "done");
    const rows = await pool.query((sql) => sql<{ step: number }[]>`select step from steps`);
    assert.deepEqual(rows.map(({ step }) => step), [2]);
  });

  await t.step("a transaction past its limit is given up, and what it locked is free again", async () => {
    await using pool = createPostgres(url, { connections: 1 });
    await using other = createPostgres(url, { connections: 1 });
    const stuck = pool.transaction(async (sql) => {
      await sql`select pg_advisory_xact_lock(1)`;
      await new Promise<never>(() => {});
    }, 100);
    await assert.rejects(stuck, DeadlineExceeded);
    await eventually(async () => {
      const [row] = await other.query((sql) =>
        sql<[{ is_free: boolean }]>`select pg_try_advisory_xact_lock(1) as is_free`
      );
      assert(row.is_free);
    });
  });

  await t.step("an error in the statement is thrown unchanged", async () => {
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

  await t.step("a broken check constraint is named, and is not mistaken for a unique one", async () => {
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

  await t.step(
    "a query that exceeds its hop's limit times out, and is cancelled in the database too",
    async () => {
      await using pool = createPostgres(url);
      await assert.rejects(pool.query((sql) => sql`select pg_sleep(60), 'over'`), DeadlineExceeded);
      await eventually(async () => assert.equal(await running(pool, "over"), 0));
    },
  );

  await t.step("a query may take no longer than its request has left", async () => {
    await using pool = createPostgres(url);
    await pool.query((sql) => sql`select 1`);
    const context = { requestId: "r-1", deadline: Date.now() + 200 };
    const timeOut = () => assert.rejects(pool.query((sql) => sql`select pg_sleep(60)`), DeadlineExceeded);
    const outside = timeOut().then(() => "at the hop's limit");
    const inside = runWithRequest(context, timeOut).then(() => "at the request's deadline");
    assert.equal(await Promise.race([outside, inside]), "at the request's deadline");
    await outside;
  });

  await t.step(
    "a query that times out while it waits for a connection never runs",
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

  await t.step("a query that times out does not disturb others on the same connection", async () => {
    await using pool = createPostgres(url, { connections: 1 });
    await pool.query((sql) => sql`select 1`);
    const context = { requestId: "r-1", deadline: Date.now() + 100 };
    const slow = runWithRequest(context, () => pool.query((sql) => sql`select pg_sleep(0.5)`));
    const others = Promise.all(
      Array.from({ length: 20 }, () => pool.query((sql) => sql`select pg_sleep(0.02)`)),
    );
    await assert.rejects(slow, DeadlineExceeded);
    await others;
  });

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
    await eventually(async () => assert.ok(await running(pool, "pg_sleep") >= 1));
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

  await t.step("only the first connection asks for the database's types", async () => {
    await using forwarder = startForwarder(Number(new URL(url).port));
    const through = Object.assign(new URL(url), { port: String(forwarder.port) });
    await using pool = createPostgres(through.href, { connections: 3 });
    await pool.query((sql) => sql`select 1`);
    // The library leaves the failure of that query unhandled.
    forwarder.cutAt = "pg_type";
    await Promise.all([1, 2, 3].map(() => pool.query((sql) => sql`select pg_sleep(0.1)`)));
    const uuids = [crypto.randomUUID(), crypto.randomUUID()];
    const [row] = await pool.query((sql) => sql`select ${uuids}::uuid[] as uuids`);
    assert.deepEqual(row?.["uuids"], uuids);
  });

  await t.step(
    "a pool closes without waiting for its queries, whether the server is up, frozen or down",
    async () => {
      for (const state of ["up", "frozen", "down"] as const) {
        const pool = createPostgres(url);
        await pool.query((sql) => sql`select 1`);
        const inFlight = pool.query((sql) => sql`select pg_sleep(60)`).catch(() => "aborted");
        if (state === "frozen") await server.pause();
        if (state === "down") await server.stop();
        const startedAt = performance.now();
        await pool[Symbol.asyncDispose]();
        const tookMs = performance.now() - startedAt;
        if (state === "frozen") await server.resume();
        if (state === "down") await server.start();
        assert.ok(tookMs < BUSY_HOP_MS, `${state}: ${tookMs} ms`);
        assert.equal(await inFlight, "aborted");
      }
    },
  );

  await t.step("a pool that was never used closes", async () => {
    const pool = createPostgres(url);
    await pool[Symbol.asyncDispose]();
  });
});

Deno.test("a Postgres that refuses access or has other defaults", async (t) => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["platform"] ?? "";
  const { port, pathname, password } = new URL(url);

  /** Runs a statement outside any pool, e.g. to change a default. */
  async function administer(statement: string): Promise<void> {
    const sql = postgres(`${url}?default_transaction_read_only=off`, { max: 1, onnotice: () => {} });
    await sql.unsafe(statement);
    await sql.end();
  }

  for (
    const [what, [part, wrong], code] of [
      ["a database that does not exist", ["pathname", "/nowhere"], "3D000"],
      ["a wrong user", ["username", "nobody_at_all"], "28P01"],
      ["a wrong password", ["password", "wrong"], "28P01"],
    ] as const
  ) {
    await t.step(`${what} is refused access, with the cause`, async () => {
      const address = new URL(url);
      address[part] = wrong;
      await using pool = createPostgres(address.href);
      await assert.rejects(pool.query((sql) => sql`select 1`), (error: unknown) => {
        assert.ok(error instanceof AccessRefused && error.cause instanceof Error, String(error));
        assert.ok("code" in error.cause && error.cause.code === code, String(error.cause));
        assert.ok(!error.cause.message.includes(password));
        return true;
      });
    });
  }

  await t.step("a revoked privilege is AccessRefused; our own invalid SQL is a PostgresError", async () => {
    await administer("create table guarded (number int); revoke all on guarded from platform");
    await using pool = createPostgres(url);
    await assert.rejects(pool.query((sql) => sql`select * from guarded`), AccessRefused);
    for (const broken of ["selec 1", "select no_such", "select 1/0", "select 'x'::int"]) {
      await assert.rejects(pool.query((sql) => sql.unsafe(broken)), { name: "PostgresError" });
    }
    await assert.rejects(pool.query((sql) => sql`select ${undefined as never}`), { code: "UNDEFINED_VALUE" });
  });

  await t.step(
    "a read-only database is unavailable, and the same pool works once it accepts writes",
    async () => {
      await administer("create table writable (number int)");
      await administer("alter database platform set default_transaction_read_only = on");
      await using pool = createPostgres(url);
      const insert = () => pool.query((sql) => sql`insert into writable values (1)`);
      await assert.rejects(insert(), (error: unknown) => {
        assert.ok(error instanceof Unavailable && !(error instanceof AccessRefused), String(error));
        assert.match(String(error.cause), /read-only transaction/);
        return true;
      });
      await administer("alter database platform reset default_transaction_read_only");
      await eventually(insert);
    },
  );

  for (
    const [code, kind] of [
      ["53100", Unavailable], // disk full
      ["53300", Unavailable], // too many connections
      ["55P03", Unavailable], // lock not available
      ["40001", Unavailable], // serialization failure
      ["40P01", Unavailable], // deadlock
      ["58030", Unavailable], // I/O error
      ["XX001", Unavailable], // data corrupted
      ["57P05", Unavailable], // idle session timeout
      ["26000", Unavailable], // unknown prepared statement, as behind a transaction pooler
      ["ZZ999", Unavailable], // unknown code
      ["57014", DeadlineExceeded], // query cancelled
    ] as const
  ) {
    await t.step(`SQLSTATE ${code} is ${kind.name}, not an internal error`, async () => {
      await using pool = createPostgres(url);
      const raise = `do $$ begin raise exception 'no' using errcode = '${code}'; end $$`;
      await assert.rejects(pool.query((sql) => sql.unsafe(raise)), kind);
    });
  }

  await t.step("a record reads the same under any defaults of the database", async () => {
    const defaults = {
      datestyle: "German",
      intervalstyle: "iso_8601",
      timezone: "Asia/Kathmandu",
      search_path: "nowhere",
      standard_conforming_strings: "off",
      bytea_output: "escape",
      default_transaction_isolation: "serializable",
    };
    await administer("create table public.kept (at timestamptz, bytes bytea, span interval)");
    for (const [name, value] of Object.entries(defaults)) {
      await administer(`alter database platform set ${name} = '${value}'`);
    }
    const at = new Date("2026-02-01T10:20:30.456Z");
    const bytes = new Uint8Array([0, 92, 255]);
    try {
      const [row] = await withPool(url, async (pool) => {
        await pool.query((sql) => sql`insert into kept values (${at}, ${bytes}, interval '1 day 2 hours')`);
        return await pool.query((sql) =>
          sql`select at, bytes, span, at::text as text, 'a\\b' as string,
                     current_setting('transaction_isolation') as isolation from kept`
        );
      });
      assert.deepEqual({ ...row, bytes: [...row?.["bytes"] ?? []] }, {
        at,
        bytes: [...bytes],
        span: "1 day 02:00:00",
        text: "2026-02-01 10:20:30.456+00",
        string: "a\\b",
        isolation: "read committed",
      });
    } finally {
      for (const name of Object.keys(defaults)) await administer(`alter database platform reset ${name}`);
    }
  });

  await t.step("the URL may name another schema", async () => {
    await administer("create schema elsewhere; create table elsewhere.there (number int)");
    await using pool = createPostgres(`${url}?search_path=elsewhere`);
    assert.deepEqual([...await pool.query((sql) => sql`select * from there`)], []);
  });

  await t.step({
    name: "an IPv6 address in the URL is dialled",
    ignore: !HAS_IPV6,
    async fn() {
      await using forwarder = startForwarder(Number(port), "::1");
      await using pool = createPostgres(
        `postgres://platform:${password}@[::1]:${forwarder.port}${pathname}`,
      );
      assert.deepEqual([...await pool.query((sql) => sql`select 1 as one`)], [{ one: 1 }]);
    },
  });

  await t.step("behind a transaction pooler, only settings that PgBouncer accepts are sent", async () => {
    await using forwarder = startForwarder(Number(port));
    const through = Object.assign(new URL(url), { port: String(forwarder.port), search: "?prepare=false" });
    assert.equal(
      (await withPool(through.href, (pool) => pool.query((sql) => sql`select 1 as one`)))[0]?.["one"],
      1,
    );
    const names = startupParameters(forwarder.firstBytes);
    const accepted = ["DateStyle", "TimeZone", "application_name", "client_encoding", "database"];
    assert.deepEqual(names, [...accepted, "standard_conforming_strings", "user"]);
  });
});

/** Does work with a pool of its own. */
async function withPool<T>(url: string, work: (pool: Postgres) => Promise<T>): Promise<T> {
  await using pool = createPostgres(url);
  return await work(pool);
}

/** The names in a startup message: after length and version, alternating names and values, each ending in a zero byte. */
function startupParameters(message: Uint8Array): string[] {
  const words = new TextDecoder().decode(message.subarray(8)).split("\0");
  return words.filter((word, index) => index % 2 === 0 && word !== "").sort();
}

async function timeToRejection(pool: Postgres): Promise<number> {
  const startedAt = performance.now();
  await assert.rejects(pool.query((sql) => sql`insert into frozen values (1)`));
  return performance.now() - startedAt;
}

/** Counts the running queries whose text contains the word. */
async function running(pool: Postgres, word: string): Promise<number> {
  const [row] = await pool.query((sql) =>
    sql`
    select count(*)::int as count from pg_stat_activity
    where state = 'active' and pid <> pg_backend_pid() and query like ${`%${word}%`}`
  );
  return row?.["count"];
}
