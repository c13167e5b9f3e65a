import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { explainFailure, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { migrate, MigrationFailed } from "@rocket/platform/postgres";
import postgres, { type Sql } from "postgres";
import { eventually } from "@rocket/platform/testing/eventually";
import { freePort } from "@rocket/platform/free-port";

const log = createLogger({ service: "test", level: "silent", format: "json" });

const PARTS = "await sql`create table parts (number int)`;";
const fill = (number: number) => `await sql\`insert into parts values (${number})\`;`;

Deno.test("the migrator", async (t) => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["platform"] ?? "";
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };

  const root = await Deno.makeTempDir({ prefix: "migrations-" });
  await using _removing = { [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };

  /** Creates a folder of migrations, given the body of `up` by file name. */
  async function folderOf(migrations: Readonly<Record<string, string>>): Promise<string> {
    const directory = await Deno.makeTempDir({ dir: root });
    for (const [name, body] of Object.entries(migrations)) {
      await Deno.writeTextFile(`${directory}/${name}`, `export async function up(sql) { ${body} }\n`);
    }
    return directory;
  }

  const step = (name: string, work: () => Promise<void>) =>
    t.step(name, async () => {
      await sql`drop schema public cascade`;
      await sql`create schema public`;
      await work();
    });
  const run = async (migrations: Readonly<Record<string, string>>) =>
    await migrate({ url, directory: await folderOf(migrations), log });

  await step(
    "migrations that have not run yet run in the order of their numbers, and are returned",
    async () => {
      const migrations = { "010_c.ts": fill(3), "001_a.ts": PARTS, "002_b.ts": fill(2), "9_d.ts": fill(1) };
      assert.deepEqual(await run(migrations), ["001_a.ts", "002_b.ts", "9_d.ts", "010_c.ts"]);
      assert.deepEqual(await names(sql), ["001_a.ts", "002_b.ts", "9_d.ts", "010_c.ts"]);
      assert.deepEqual(await numbers(sql), [2, 1, 3]);
    },
  );

  await step("a migration runs once, and later only new ones run", async () => {
    await run({ "001_a.ts": PARTS });
    assert.deepEqual(await run({ "001_a.ts": PARTS }), []);
    assert.deepEqual(await run({ "001_a.ts": PARTS, "002_b.ts": fill(2) }), ["002_b.ts"]);
  });

  await step(
    "a failure names the migration and the cause, and rolls back the whole of that migration only",
    async () => {
      const broken = {
        "001_a.ts": PARTS,
        "002_b.ts": fill(2),
        "003_c.ts": `${fill(3)} await sql\`select no_such\`;`,
      };
      await assert.rejects(run({ ...broken, "004_d.ts": fill(4) }), (error: unknown) => {
        assert.ok(error instanceof MigrationFailed);
        assert.equal(error.migration, "003_c.ts");
        assert.equal(error.message, 'migration 003_c.ts failed: column "no_such" does not exist');
        return true;
      });
      assert.deepEqual(await names(sql), ["001_a.ts", "002_b.ts"]);
      assert.deepEqual(await numbers(sql), [2]);
      assert.deepEqual(await run({ ...broken, "003_c.ts": fill(3) }), ["003_c.ts"]);
    },
  );

  await step("a migration that can't be loaded, or has no up, is named", async () => {
    await assert.rejects(run({ "001_a.ts": "}}}" }), /^MigrationFailed: migration 001_a\.ts failed: /);
    const directory = await folderOf({});
    await Deno.writeTextFile(`${directory}/001_b.ts`, "export const down = 1;\n");
    await assert.rejects(migrate({ url, directory, log }), /^MigrationFailed: migration 001_b\.ts failed: /);
  });

  await step(
    "older code on a newer schema is refused, and every migration it does not know is named",
    async () => {
      await run({ "001_a.ts": PARTS, "002_b.ts": fill(2), "003_c.ts": fill(3) });
      await assert.rejects(run({ "001_a.ts": PARTS }), {
        name: "CannotMigrate",
        message: "can't migrate the database: this version does not know 002_b.ts, 003_c.ts, " +
          "which a newer version has run; start the newer one",
      });
      await assert.rejects(
        run({ "001_a.ts": PARTS, "002_b.ts": `${fill(2)} // edited` }),
        /does not know 003_c\.ts,/,
      );
    },
  );

  await step(
    "older code starts on migrations that are marked as working with it, and logs them",
    async () => {
      const directory = await folderOf({ "001_a.ts": PARTS, "002_b.ts": fill(2), "003_c.ts": fill(3) });
      for (const name of ["002_b.ts", "003_c.ts"]) await markAsCompatible(`${directory}/${name}`);
      await migrate({ url, directory, log });

      const lines: unknown[] = [];
      const stream = { write: (line: string) => void lines.push(JSON.parse(line).migrations) };
      const logging = createLogger({ service: "test", level: "warn", format: "json" }, stream);
      const older = await folderOf({ "001_a.ts": PARTS });
      assert.deepEqual(await migrate({ url, directory: older, log: logging }), []);
      assert.deepEqual(lines, ["002_b.ts, 003_c.ts"]);
      const another = { "001_a.ts": PARTS, "002_z.ts": fill(9) };
      await assert.rejects(run(another), /^MigrationFailed: migration 002_z\.ts failed: .*002_b\.ts/);
    },
  );

  await step("a marked migration does not vouch for one after it that is not marked", async () => {
    const directory = await folderOf({ "001_a.ts": PARTS, "002_b.ts": fill(2), "003_c.ts": fill(3) });
    await markAsCompatible(`${directory}/002_b.ts`);
    await migrate({ url, directory, log });
    await assert.rejects(run({ "001_a.ts": PARTS }), /does not know 003_c\.ts, which/);
    // What an operator who knows better does.
    await sql`update migrations set works_with_older_code = true where name = '003_c.ts'`;
    assert.deepEqual(await run({ "001_a.ts": PARTS }), []);
  });

  await step("a database from before marks were recorded takes no migration for marked", async () => {
    await run({ "001_a.ts": PARTS, "002_b.ts": fill(2) });
    await sql`alter table migrations drop column works_with_older_code`;
    await assert.rejects(run({ "001_a.ts": PARTS }), /does not know 002_b\.ts, which/);
    assert.deepEqual(await run({ "001_a.ts": PARTS, "002_b.ts": fill(2) }), []);
  });

  await step("a migration added before one that already ran is refused and named", async () => {
    await run({ "001_a.ts": PARTS, "003_c.ts": fill(3) });
    const late = { "001_a.ts": PARTS, "002_b.ts": fill(2), "003_c.ts": fill(3) };
    await assert.rejects(run(late), /^MigrationFailed: migration 002_b\.ts failed: .*003_c\.ts/);
    assert.deepEqual(await numbers(sql), [3]);
  });

  await step("an editor's locks and copies are ignored, and logged", async () => {
    const directory = await folderOf({
      "001_a.ts": PARTS,
      "001_a.ts~": "}}}",
      "#001_a.ts#": "}}}",
      ".001_a.ts.swp": "}}}",
      "001_a copy.ts": "}}}",
    });
    // Emacs locks a file with a dangling symbolic link.
    await Deno.symlink("ellen@nostromo.4711:1", `${directory}/.#001_a.ts`);
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(JSON.parse(line).msg) };
    const logging = createLogger({ service: "test", level: "warn", format: "json" }, stream);
    assert.deepEqual(await migrate({ url, directory, log: logging }), ["001_a.ts"]);
    assert.deepEqual(lines, ["files that are not migrations ignored"]);
  });

  await step("a migration that was edited after it ran fails the start and is named", async () => {
    const edited = { "001_a.ts": PARTS, "002_b.ts": `${fill(2)} // edited` };
    await run({ "001_a.ts": PARTS, "002_b.ts": fill(2) });
    await assert.rejects(
      run({ ...edited, "003_c.ts": fill(3) }),
      /^MigrationFailed: migration 002_b\.ts failed: it was edited after it ran/,
    );
    assert.deepEqual(await numbers(sql), [2]);
    assert.deepEqual(await run({ "001_a.ts": PARTS, "002_b.ts": fill(2), "003_c.ts": fill(3) }), [
      "003_c.ts",
    ]);
  });

  await step("other line endings or a byte order mark are not an edit", async () => {
    await run({ "001_a.ts": `${PARTS}\n${fill(1)}` });
    const directory = await folderOf({});
    const body = `\uFEFFexport async function up(sql) { ${PARTS}\r\n${fill(1)} }\r\n`;
    await Deno.writeTextFile(`${directory}/001_a.ts`, body);
    assert.deepEqual(await migrate({ url, directory, log }), []);
  });

  await step("a database from before hashes were recorded gets them at its next start", async () => {
    await run({ "001_a.ts": PARTS });
    await sql`alter table migrations drop column content_hash`;
    assert.deepEqual(await run({ "001_a.ts": PARTS }), []);
    await assert.rejects(run({ "001_a.ts": `${PARTS} // edited` }), /001_a\.ts failed: it was edited/);
  });

  await step("a start does not wait for a reader of the table, such as a backup", async () => {
    await run({ "001_a.ts": PARTS });
    const reader = postgres(url, { max: 1 });
    await reader`begin`;
    await reader`select * from migrations`;
    assert.deepEqual(
      await migrate({ url, directory: await folderOf({ "001_a.ts": PARTS }), log, lockTimeoutMs: 500 }),
      [],
    );
    await reader.end();
  });

  await step("a lock that another process holds for too long is reported in one line", async () => {
    const holder = postgres(url, { max: 1 });
    await holder`select pg_advisory_lock(4711001)`;
    await assert.rejects(
      migrate({ url, directory: await folderOf({ "001_a.ts": PARTS }), log, lockTimeoutMs: 200 }),
      {
        name: "CannotMigrate",
        message: "can't migrate the database: another process held the lock for 0.2 s",
      },
    );
    await holder.end();
    assert.deepEqual(await run({ "001_a.ts": PARTS }), ["001_a.ts"]);
  });

  await step("an error that an operator can fix in the database is reported in one line", async () => {
    await sql`create table migrations (number int)`;
    await assert.rejects(run({ "001_a.ts": PARTS }), {
      name: "CannotMigrate",
      message: 'can\'t migrate the database: column "name" does not exist',
    });
    await sql`drop table migrations`;
    await sql`alter database platform set default_transaction_read_only = on`;
    await assert.rejects(run({ "001_a.ts": PARTS }), (error: unknown) => {
      assert.ok(error instanceof Unavailable);
      assert.equal(
        explainFailure(error),
        "postgres is unavailable: cannot execute CREATE TABLE in a read-only transaction",
      );
      return true;
    });
    await sql`alter database platform reset default_transaction_read_only`;
  });

  await step("the database's own settings neither time a migration out nor change its schema", async () => {
    await sql`alter database platform set statement_timeout = 100`;
    await sql`alter database platform set search_path = nowhere`;
    assert.deepEqual(await run({ "001_a.ts": `${PARTS} await sql\`select pg_sleep(0.3)\`;` }), ["001_a.ts"]);
    await sql`alter database platform reset statement_timeout`;
    await sql`alter database platform reset search_path`;
    assert.deepEqual(await numbers(sql), []);
  });

  await step("replicas that start at once run each migration once, and all succeed", async () => {
    const slow = { "001_a.ts": `${PARTS} await sql\`select pg_sleep(0.2)\`;`, "002_b.ts": fill(2) };
    const directory = await folderOf(slow);
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrate({ url, directory, log })));
    assert.deepEqual(ran.flat().sort(), ["001_a.ts", "002_b.ts"]);
    assert.deepEqual(await numbers(sql), [2]);
  });

  await step("a failure releases the lock", async () => {
    await assert.rejects(run({ "001_a.ts": "throw new Error('no');" }), /migration 001_a\.ts failed: no/);
    assert.deepEqual(await run({ "001_a.ts": PARTS }), ["001_a.ts"]);
    const [held] = await sql`select count(*)::int as count from pg_locks where locktype = 'advisory'`;
    assert.equal(held?.["count"], 0);
  });

  await t.step("a database that can't be reached is unavailable", async () => {
    const unreachable = `postgres://u:p@127.0.0.1:${freePort()}/d`;
    await assert.rejects(migrate({ url: unreachable, directory: await folderOf({}), log }), Unavailable);
  });

  await step("if the database dies during a migration, the error names the migration", async () => {
    const slow = await folderOf({ "001_slow.ts": "await sql`select pg_sleep(60)`;" });
    const failed = assert.rejects(
      migrate({ url, directory: slow, log }),
      /migration 001_slow\.ts failed: (?!Cannot run)/,
    );
    await eventually(async () => {
      const [busy] = await sql`select 1 from pg_stat_activity where query = 'select pg_sleep(60)'`;
      assert.ok(busy);
    });
    await backing.postgres.kill();
    await failed;
    await backing.postgres.start();
  });

  await step(
    "a connection lost between a migration's statements is not replaced by another",
    async () => {
      const lost = "await sql`select pg_terminate_backend(pg_backend_pid())`.catch(() => {});";
      const migrations = { "001_a.ts": PARTS, "002_b.ts": `${lost} ${fill(2)}` };
      await assert.rejects(run(migrations), /migration 002_b\.ts failed: /);
      assert.deepEqual(await names(sql), ["001_a.ts"]);
      assert.deepEqual(await numbers(sql), []);
    },
  );
});

async function markAsCompatible(path: string): Promise<void> {
  await Deno.writeTextFile(path, "export const worksWithOlderCode = true;\n", { append: true });
}

async function names(sql: Sql): Promise<unknown[]> {
  return (await sql`select name from migrations order by id`).map(({ name }) => name);
}

async function numbers(sql: Sql): Promise<unknown[]> {
  return (await sql`select number from parts`).map(({ number }) => number);
}
