import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { AccessRefused, DeadlineExceeded, Unavailable } from "@rocket/platform/core";
import { createPostgres, type Postgres } from "@rocket/platform/postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import postgres from "postgres";
import { startForwarder } from "../../support/forwarder.ts";
import { HAS_IPV6 } from "../../support/service_ports.ts";

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
