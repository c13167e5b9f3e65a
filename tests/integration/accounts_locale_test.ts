import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { createLogger } from "@rocket/platform/log";
import { migrate, MigrationFailed } from "@rocket/platform/postgres";
import { errorOf } from "@rocket/platform/testing/raw-client";
import { migrateBefore } from "../support/migrate_before.ts";
import { logIn, newPerson, register } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations/iam", import.meta.url));
const log = createLogger({ service: "test", level: "silent", format: "json" });

Deno.test("accounts in a database whose locale folds I to a dotless i", async (t) => {
  await using system = await startSystem({ services: [], icuLocale: "tr" });
  const url = system.variable("IAM_POSTGRES_URL");
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
  const accounts = () => sql`select uuid, login, email from users order by login`;

  await t.step("the database folds I as Turkish does", async () => {
    const [row] = await sql<{ folded: string }[]>`select lower('I') as folded`;
    assert.equal(row?.folded, "ı");
  });

  await t.step(
    "accounts that differ only in case make the migration fail; it names them and keeps them",
    async () => {
      await migrateBefore("002", MIGRATIONS, url);
      const uuids = [await insert("IRIS", "first@example.com"), await insert("iris", "second@example.com")];
      uuids.push(await insert("one", "I@example.com"), await insert("two", "i@example.com"));
      const before = await accounts();

      const failure = await migrate({ url, directory: MIGRATIONS, log }).then(
        () => undefined,
        (error) => error,
      );
      assert.ok(failure instanceof MigrationFailed);
      for (const uuid of uuids) {
        assert.ok(failure.message.includes(uuid), failure.message);
      }
      assert.match(failure.message, /IRIS .*iris /);
      assert.deepEqual(await accounts(), before);
    },
  );

  await t.step(
    "once one account of each group is left, the migration succeeds and keeps the accounts",
    async () => {
      await sql`delete from users where login in ('iris', 'two')`;
      const before = await accounts();
      await migrate({ url, directory: MIGRATIONS, log });
      assert.deepEqual(await accounts(), before);
    },
  );

  await system.start("iam");

  await t.step(
    "the login and e-mail of an account from before the migration are taken in any letter case",
    async () => {
      assert.match((await errorOf(register(system, { login: "iris" }))).details, /login: is taken/);
      assert.match((await errorOf(register(system, { email: "i@EXAMPLE.com" }))).details, /email: is taken/);
    },
  );

  await t.step(
    "a user who registers as ILIAS logs in as ilias, and both logins are then taken",
    async () => {
      const person = newPerson({ login: "ILIAS" });
      await register(system, person);
      await logIn(system, "ilias", person.password);
      for (const login of ["ilias", "ILIAS", "Ilias"]) {
        assert.match(
          (await errorOf(register(system, { login, email: "x@example.com" }))).details,
          /login: is taken/,
        );
      }
    },
  );

  await t.step(
    "an e-mail address is the same in any letter case and in both forms of its domain",
    async () => {
      await register(system, { email: "IRIS@Bücher.рф" });
      for (const email of ["iris@bücher.рф", "IRIS@BÜCHER.РФ", "iris@xn--bcher-kva.XN--P1AI"]) {
        assert.match((await errorOf(register(system, { email }))).details, /email: is taken/, email);
      }
    },
  );

  async function insert(login: string, email: string): Promise<string> {
    const uuid = crypto.randomUUID();
    await sql`insert into users (uuid, login, email, password_hash, notification_methods)
              values (${uuid}, ${login}, ${email}, 'not a hash', '[]')`;
    return uuid;
  }
});
