import pLimit, { type LimitFunction } from "p-limit";
import postgres, { type Sql } from "postgres";
import { HOP_LIMIT_MS } from "../core/deadline.ts";
import { connectionOptions } from "./connection_options.ts";

/** How long the server lets a query run, in milliseconds. */
export const STATEMENT_LIMIT_MS = HOP_LIMIT_MS;

/** The library's pool, and the limit on its use. */
export interface Driver {
  readonly url: string;
  readonly sql: Sql;
  /**
   * Gives each connection one query at a time. The library would queue more on a connection: a slow query would delay
   * those behind it, and one that was given up while it waited would still run.
   */
  readonly limit: LimitFunction;
  isWarm: boolean;
}

/** Opens a driver; it connects as queries need it. */
export function openDriver(url: string, connections: number): Driver {
  const sql = postgres(url, {
    ...connectionOptions(url, { statement_timeout: STATEMENT_LIMIT_MS }),
    max: connections,
    // Longer than a hop: a server that accepts and stays silent is reported by the hop's deadline.
    connect_timeout: (HOP_LIMIT_MS + 500) / 1_000,
    // A store that comes back is found within a second.
    backoff: (attempts) => Math.min(0.05 * 2 ** attempts, 1),
  });
  return { url, sql, limit: pLimit({ concurrency: connections, rejectOnClear: true }), isWarm: false };
}

/**
 * Runs a first query, during which the library learns how to write arrays: too late for that query itself. Later
 * connections need not learn it again, which costs them a query; and if the server ended it, the library would leave
 * a rejection unhandled, which ends the process.
 */
export async function warmUp(driver: Driver): Promise<void> {
  if (driver.isWarm) return;
  await driver.sql`select 1`;
  driver.sql.options.fetch_types = false;
  driver.isWarm = true;
}

/** Closes a driver once the queries that wait for one of its connections, and those under way, have finished. */
export async function retireDriver({ sql, limit }: Driver): Promise<void> {
  // The limit is first come, first served: once this has its turn, or the queue was cleared, nothing waits any more.
  await Promise.allSettled([limit(() => {})]);
  await sql.end({ timeout: STATEMENT_LIMIT_MS / 1_000 });
}

/** How long queries under way have to finish when a driver is closed, in seconds. */
const CLOSING_SECONDS = 1;

/** Closes a driver: waiting queries are rejected, those under way have a second to finish. */
export function closeDriver({ sql, limit }: Driver): Promise<void> {
  limit.clearQueue();
  return sql.end({ timeout: CLOSING_SECONDS });
}
