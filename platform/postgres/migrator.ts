import { pathToFileURL } from "node:url";
import { type Driver, up } from "ley";
import postgres, { type Sql } from "postgres";
import { StartError } from "../core/start_error.ts";
import type { Logger } from "../log/logger.ts";
import { toFailure } from "./failure.ts";

/** Which migrations to run where. */
export interface MigrateOptions {
  /** The database's URL. */
  readonly url: string;
  /** The folder of numbered migrations, each exporting `up(sql)`. */
  readonly directory: string;
  readonly log: Logger;
}

/** A migration did not go through; the database is as the one before left it. */
export class MigrationFailed extends StartError {
  constructor(readonly migration: string, options: ErrorOptions) {
    const why = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`migration ${migration} failed: ${why}`, options);
    this.name = "MigrationFailed";
  }
}

/** Any constant will do; two programs that lock for different reasons must differ. */
const LOCK_KEY = 4_711_001;
const LOCK_TIMEOUT_MS = 60_000;

/** How long a connection that leads nowhere is waited for at the end, in seconds. */
const CLOSING_SECONDS = 1;

/**
 * Runs the migrations that a database still lacks, in order, each in a transaction of its own.
 *
 * Replicas may start at once: one migrates, the others wait under an advisory lock for 60 s at most,
 * and then find nothing left to do.
 *
 * @returns The names of the migrations that ran.
 * @throws {MigrationFailed} naming the migration and carrying the database's message.
 * @throws {Unavailable} when the database can't be reached.
 */
export async function migrate({ url, directory, log }: MigrateOptions): Promise<readonly string[]> {
  const sql = postgres(url, {
    // All on one connection: the lock and each transaction are its own, and end with it, whatever happens.
    max: 1,
    max_lifetime: null,
    // Where it is lost the library would open another and go on there, without lock or transaction.
    onclose: () => void sql.end({ timeout: 0 }),
    onnotice: () => {},
    connection: { lock_timeout: LOCK_TIMEOUT_MS },
  });
  try {
    await sql`select pg_advisory_lock(${LOCK_KEY})`;
    return await runPending(sql, directory, log);
  } catch (error) {
    throw error instanceof MigrationFailed ? error : toFailure(error);
  } finally {
    await sql.end({ timeout: CLOSING_SECONDS });
  }
}

async function runPending(sql: Sql, directory: string, log: Logger): Promise<readonly string[]> {
  const ran: string[] = [];
  while (true) {
    const name = await runNext(sql, directory);
    if (name === undefined) return ran;
    log.info({ migration: name }, "migration applied");
    ran.push(name);
  }
}

async function runNext(sql: Sql, directory: string): Promise<string | undefined> {
  try {
    // `single`, as ley runs all that is pending in one transaction otherwise.
    const [name] = await up({ cwd: "/", dir: directory, driver: leyDriver(sql), single: true });
    return name;
  } catch (error) {
    const [, misplaced] = error instanceof Error ? MISPLACED.exec(error.message) ?? [] : [];
    throw misplaced === undefined ? error : new MigrationFailed(misplaced, { cause: error });
  }
}

/** What ley says where the files do not go on from where the database stands. */
const MISPLACED = /^Cannot run "(.+)" after ".+" has been applied$/;

/** What a migration file exports. */
interface Migration {
  up(sql: Sql): Promise<unknown>;
}

/** ley's `Driver`, as it calls it. */
interface LeyDriver {
  connect(): Promise<Sql>;
  setup(): Promise<readonly { readonly name: string }[]>;
  loop(client: Sql, files: readonly { readonly name: string; readonly abs: string }[]): Promise<void>;
  end(): Promise<void>;
}

/** ley's driver for a connection that it may use but not close, which names the migration that fails. */
function leyDriver(sql: Sql): Driver {
  const driver: LeyDriver = {
    connect: () => Promise.resolve(sql),
    async setup() {
      await sql`create table if not exists migrations (
        id serial primary key, name text not null unique, created_at timestamptz not null default now()
      )`;
      return await sql<{ name: string }[]>`select name from migrations order by id`;
    },
    async loop(_client, files) {
      for (const { name, abs } of files) {
        try {
          const migration: Migration = await import(pathToFileURL(abs).href);
          await apply(sql, name, migration);
        } catch (error) {
          throw new MigrationFailed(name, { cause: error });
        }
      }
    },
    end: () => Promise.resolve(),
  };
  // ley types `connect` as generic in what it returns, which no function can be.
  return driver as unknown as Driver;
}

/**
 * Runs a migration and notes it, in one transaction. A failure is undone by the connection's end: the library's own
 * `begin` would ask for a rollback, which throws outside of any promise where the connection is what failed.
 */
async function apply(sql: Sql, name: string, migration: Migration): Promise<void> {
  await sql`begin`;
  await migration.up(sql);
  await sql`insert into migrations (name) values (${name})`;
  await sql`commit`;
}
