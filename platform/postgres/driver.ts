import pLimit, { type LimitFunction } from "p-limit";
import postgres, { type Sql } from "postgres";
import { HOP_LIMIT_MS } from "../core/deadline.ts";

/** How long the server lets a query run, in milliseconds. */
export const STATEMENT_LIMIT_MS = HOP_LIMIT_MS;

/** The library's pool, and who may use it when. */
export interface Driver {
  readonly sql: Sql;
  /**
   * Gives each connection one query at a time. The library would send more behind it: a slow one would hold up the
   * others, and one that was given up on while it waited would still be carried out.
   */
  readonly limit: LimitFunction;
  isWarm: boolean;
}

/** Opens a driver; it connects as queries need it. */
export function openDriver(url: string, connections: number): Driver {
  const sql = postgres(url, {
    max: connections,
    // Longer than a hop: a server that is there but silent is told by the hop's deadline.
    connect_timeout: (HOP_LIMIT_MS + 500) / 1_000,
    // A store that comes back is found again within a second.
    backoff: (attempts) => Math.min(0.05 * 2 ** attempts, 1),
    onnotice: () => {},
    connection: { statement_timeout: STATEMENT_LIMIT_MS },
  });
  return { sql, limit: pLimit({ concurrency: connections, rejectOnClear: true }), isWarm: false };
}

/** Prepares a driver for its first query: the library learns how to write arrays while that runs, too late for it. */
export async function warmUp(driver: Driver): Promise<void> {
  if (driver.isWarm) return;
  await driver.sql`select 1`;
  driver.isWarm = true;
}

/** How long what is under way has to finish when a driver is closed, in seconds. */
const CLOSING_SECONDS = 1;

/** Closes a driver: what waits is turned away, what is under way has a second to finish. */
export function closeDriver({ sql, limit }: Driver): Promise<void> {
  limit.clearQueue();
  return sql.end({ timeout: CLOSING_SECONDS });
}
