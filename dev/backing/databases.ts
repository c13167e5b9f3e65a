import postgres from "postgres";
import { newSecret } from "./stores.ts";

/**
 * Creates the databases that do not exist yet, each owned by a role of the same name that can open no other one.
 *
 * @param adminUrl Opens the server as its superuser.
 * @param icuLocale Locale of new databases; the server's own by default.
 * @returns A URL per database, by name; the passwords in them are new each time.
 */
export async function openDatabases(
  adminUrl: string,
  names: readonly string[],
  icuLocale?: string,
): Promise<Record<string, string>> {
  const sql = postgres(adminUrl, { max: Math.max(1, names.length), connect_timeout: 5 });
  try {
    const urls = names.map(async (name) =>
      [name, await openDatabase(sql, adminUrl, name, icuLocale)] as const
    );
    return Object.fromEntries(await Promise.all(urls));
  } finally {
    await sql.end();
  }
}

async function openDatabase(
  sql: postgres.Sql,
  adminUrl: string,
  name: string,
  icuLocale: string | undefined,
): Promise<string> {
  const password = newSecret();
  const [role] = await sql`select from pg_roles where rolname = ${name}`;
  // These commands take no parameters; we made the password, and it needs no escape.
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
  return `postgres://${name}:${password}@${new URL(adminUrl).host}/${name}`;
}
