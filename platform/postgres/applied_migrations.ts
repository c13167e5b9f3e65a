import type { Sql } from "postgres";
import type { Logger } from "../log/logger.ts";
import { CannotMigrate, MigrationFailed } from "./migration_errors.ts";
import type { MigrationFile } from "./migrations.ts";

/** A migration that has run, as the database records it. */
export interface Applied {
  readonly name: string;
  readonly content_hash: string | null;
  readonly works_with_older_code: boolean;
}

/** Reads the migrations that have run, oldest first, and creates or completes the table that records them. */
export async function readApplied(sql: Sql): Promise<readonly Applied[]> {
  await sql`create table if not exists migrations (
    id serial primary key, name text not null unique, created_at timestamptz not null default now(),
    content_hash text, works_with_older_code boolean not null default false
  )`;
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = 'migrations'::regclass and not attisdropped`;
  const lacks = (column: string) => !columns.some(({ name }) => name === column);
  // Checked first: `add column if not exists` would wait for any reader of the table, such as a backup.
  if (lacks("content_hash")) await sql`alter table migrations add column content_hash text`;
  if (lacks("works_with_older_code")) {
    await sql`alter table migrations add column works_with_older_code boolean not null default false`;
  }
  return await sql<Applied[]>`select name, content_hash, works_with_older_code from migrations order by id`;
}

/**
 * Refuses a database that a newer version has migrated, because older code may fail there at any statement, or write what
 * newer code can't read.
 *
 * @throws {CannotMigrate} naming the migrations that are unknown and not recorded as working with older code.
 */
export function refuseNewerSchema(
  applied: readonly Applied[],
  files: readonly MigrationFile[],
  log: Logger,
): void {
  const unknown = applied.filter(({ name }) => files.every((file) => file.name !== name));
  const unsafe = unknown.filter((row) => !row.works_with_older_code);
  const list = (rows: readonly Applied[]) => rows.map(({ name }) => name).join(", ");
  if (unsafe.length > 0) {
    throw new CannotMigrate(
      `this version does not know ${list(unsafe)}, which a newer version has run; start the newer one`,
    );
  }
  if (unknown.length > 0) {
    log.warn({ migrations: list(unknown) }, "starting on the schema of a newer version");
  }
}

/**
 * Checks that no migration was edited after it ran, and records the hashes of those that ran before hashes were.
 *
 * @throws {MigrationFailed} naming the first one that was edited.
 */
export async function checkHashes(
  sql: Sql,
  applied: readonly Applied[],
  files: readonly MigrationFile[],
): Promise<void> {
  for (const { name, hash } of files) {
    const row = applied.find((each) => each.name === name);
    if (row === undefined) continue;
    if (row.content_hash === null) {
      await sql`update migrations set content_hash = ${hash} where name = ${name}`;
    } else if (row.content_hash !== hash) {
      throw new MigrationFailed(
        name,
        "it was edited after it ran; restore it, and make the change in a new one",
      );
    }
  }
}
