import { pathToFileURL } from "node:url";
// @ts-types="./ley_util.d.ts"
import { diff } from "ley/lib/util.js";
import postgres, { type Sql } from "postgres";
import { errorCode, explainFailure } from "../core/explain_failure.ts";
import { Failure } from "../core/failure.ts";
import { StartError } from "../core/start_error.ts";
import type { Logger } from "../log/logger.ts";
import { type Applied, checkHashes, readApplied, refuseNewerSchema } from "./applied_migrations.ts";
import { connectionOptions } from "./connection_options.ts";
import { toFailure } from "./failure.ts";
import { CannotMigrate, MigrationFailed } from "./migration_errors.ts";
import { listMigrations, type MigrationFile } from "./migrations.ts";

/** Which migrations to run, and where. */
export interface MigrateOptions {
  /** The database's URL. */
  readonly url: string;
  /**
   * The folder of numbered migrations, `<number>_<name>.ts`, each exporting `up(sql)`, and `worksWithOlderCode = true` if
   * the version before it can start on its schema.
   */
  readonly directory: string;
  readonly log: Logger;
  /** How long to wait for another replica that migrates, in milliseconds. Default 60 s. */
  readonly lockTimeoutMs?: number;
}

/** Arbitrary; two programs that lock for different reasons must use different keys. */
const LOCK_KEY = 4_711_001;
const LOCK_TIMEOUT_MS = 60_000;

/** How long to wait for a connection to close in good order, in seconds. */
const CLOSING_SECONDS = 1;

/**
 * Runs the migrations that a database still lacks, in order, each in a transaction of its own.
 *
 * Replicas may start at once: in each transaction one of them holds an advisory lock, and the others wait. The lock
 * ends with the transaction, so that it also works behind a transaction pooler.
 *
 * A database that a newer version has migrated is refused, unless each migration that this version does not know was
 * recorded as working with older code.
 *
 * The hash of each migration is recorded when it runs, and checked at every start. Rows from
 * before hashes were recorded get those of the current files.
 *
 * @returns The names of the migrations that ran.
 * @throws {MigrationFailed} naming the migration and the cause, also if it was edited after it ran.
 * @throws {CannotMigrate} naming migrations of a newer version that don't work with this one; or if another replica holds the lock for too long, or the table of migrations is unusable.
 * @throws {Unavailable} if the database can't be reached, or refuses to serve.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { url, directory, log } = options;
  const files = await listMigrations(directory, log);
  const sql = postgres(url, {
    ...connectionOptions(url),
    // One connection: a transaction is its own and ends with it, whatever happens.
    max: 1,
    max_lifetime: null,
    // The library would otherwise replace a lost connection, and go on there without the transaction.
    onclose: () => void sql.end({ timeout: 0 }),
  });
  try {
    const ran: string[] = [];
    while (true) {
      const name = await runNext(sql, files, options);
      if (name === undefined) return ran;
      log.info({ migration: name }, "migration applied");
      ran.push(name);
    }
  } catch (error) {
    throw toStartFailure(error);
  } finally {
    await sql.end({ timeout: CLOSING_SECONDS });
  }
}

/**
 * Runs the next migration and records it, in one transaction. The end of the connection undoes a failure: the
 * library's own `begin` would send a rollback, which throws outside of any promise if the connection is lost.
 */
async function runNext(
  sql: Sql,
  files: readonly MigrationFile[],
  { log, lockTimeoutMs = LOCK_TIMEOUT_MS }: MigrateOptions,
): Promise<string | undefined> {
  await sql`begin`;
  // A database's own limit for queries would end a long migration.
  await sql`select set_config('lock_timeout', ${lockTimeoutMs}::text, true),
                   set_config('statement_timeout', '0', true)`;
  await lock(sql, lockTimeoutMs);
  const applied = await readApplied(sql);
  refuseNewerSchema(applied, files, log);
  await checkHashes(sql, applied, files);
  const next = nextOf(applied, files);
  if (next === undefined) await sql`commit`;
  else await apply(sql, next);
  return next?.name;
}

async function lock(sql: Sql, lockTimeoutMs: number): Promise<void> {
  try {
    await sql`select pg_advisory_xact_lock(${LOCK_KEY})`;
  } catch (error) {
    if (errorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new CannotMigrate(`another process held the lock for ${lockTimeoutMs / 1_000} s`, { cause: error });
  }
}

const LOCK_NOT_AVAILABLE = "55P03";

function nextOf(applied: readonly Applied[], files: readonly MigrationFile[]): MigrationFile | undefined {
  try {
    return diff(applied, files)[0];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationFailed(MISPLACED.exec(why)?.[1] ?? "", why, { cause: error });
  }
}

/** ley's message if the files do not continue the list of those applied. */
const MISPLACED = /^Cannot run "(.+)" after ".+" has been applied$/;

/** What the module of a migration exports. */
interface Migration {
  up(sql: Sql): Promise<unknown>;
  readonly worksWithOlderCode?: boolean;
}

async function apply(sql: Sql, { name, path, hash }: MigrationFile): Promise<void> {
  try {
    const { up, worksWithOlderCode = false }: Migration = await import(pathToFileURL(path).href);
    await up(sql);
    await sql`
      insert into migrations (name, content_hash, works_with_older_code)
      values (${name}, ${hash}, ${worksWithOlderCode})`;
    await sql`commit`;
  } catch (error) {
    throw new MigrationFailed(name, explainFailure(error), { cause: error });
  }
}

/** A person can fix what Postgres complains about, so it is shown in one line, without a stack. */
function toStartFailure(error: unknown): unknown {
  if (error instanceof StartError) return error;
  const failure = toFailure(error);
  const isAnswer = !(failure instanceof Failure) && error instanceof postgres.PostgresError;
  return isAnswer ? new CannotMigrate(error.message, { cause: error }) : failure;
}
