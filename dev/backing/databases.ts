import postgres from "postgres";
import { newSecret } from "./secret.ts";

/** Where a Postgres of ours listens, and how its superuser gets in. */
export interface PostgresAdmin {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** The superuser of every Postgres that we start. */
export const SUPERUSER = "rocket";

/**
 * Sees to it that each database exists, owned by a role of the same name that opens no other one.
 *
 * @param icuLocale Locale of new databases; the server's own by default.
 * @returns a URL per database, by name; the passwords in them are new each time
 */
export async function openDatabases(
  admin: PostgresAdmin,
  names: readonly string[],
  icuLocale?: string,
): Promise<Record<string, string>> {
  const sql = connect(admin, Math.max(1, names.length));
  try {
    const urls = names.map(async (name) => [name, await openDatabase(sql, admin, name, icuLocale)] as const);
    return Object.fromEntries(await Promise.all(urls));
  } finally {
    await sql.end();
  }
}

/** One question to the server, answered or thrown: whether it is ready for more. */
export async function askPostgres(admin: PostgresAdmin): Promise<void> {
  const sql = connect(admin, 1);
  try {
    await sql`select 1`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function connect({ host, port, password }: PostgresAdmin, max: number): postgres.Sql {
  return postgres({ host, port, password, max, user: SUPERUSER, database: "postgres", connect_timeout: 5 });
}

async function openDatabase(
  sql: postgres.Sql,
  { host, port }: PostgresAdmin,
  name: string,
  icuLocale: string | undefined,
): Promise<string> {
  const password = newSecret();
  const [role] = await sql`select from pg_roles where rolname = ${name}`;
  // Commands like these take no parameters; the password is of our own making and needs no escape.
  await sql`${sql.unsafe(role ? "alter" : "create")} role ${sql(name)} login password '${
    sql.unsafe(password)
  }'`;
  const [database] = await sql`select from pg_database where datname = ${name}`;
  if (!database) {
    const locale = icuLocale === undefined
      ? sql``
      : sql`template template0 encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale ${
        sql(icuLocale)
      }`;
    await sql`create database ${sql(name)} owner ${sql(name)} ${locale}`;
    await sql`revoke connect on database ${sql(name)} from public`;
  }
  return `postgres://${name}:${password}@${host}:${port}/${name}`;
}
