import type { PendingQuery, Row, Sql, TransactionSql } from "postgres";
import { currentValue, type Secret } from "../config/secret.ts";
import { HOP_LIMIT_MS, withinHopDeadline } from "../core/deadline.ts";
import { DeadlineExceeded } from "../core/failure.ts";
import { createRedialLimit } from "../core/redial_limit.ts";
import { closeDriver, type Driver, openDriver, retireDriver, warmUp } from "./driver.ts";
import { isClearedFromQueue, isDown, isReadOnly, toFailure } from "./failure.ts";

/** A pool of connections to one database. */
export interface Postgres extends AsyncDisposable {
  /**
   * Runs one query, no longer than the hop's deadline.
   *
   * @throws {AccessRefused} if the password, the database or a privilege is wrong.
   * @throws {Unavailable} if the database can't be reached, or refuses to serve: read-only, out of disk, failing over.
   * @throws {DeadlineExceeded} if it does not answer in time. A query that still waited for a connection is never
   * sent; one that was sent is stopped by the database 2 s after its start, unless a transaction pooler is between.
   * @throws {postgres.PostgresError} if the statement is at fault, e.g. a broken constraint.
   */
  query<Rows extends readonly (Row | undefined)[]>(
    build: (sql: Sql) => PendingQuery<Rows & Row[]>,
  ): Promise<Rows>;
  /**
   * Runs a transaction, for work between whose statements something else is waited for; a single statement needs none.
   * It is rolled back if the work throws.
   *
   * @param limitMs How long all of it may take, in milliseconds.
   * @throws as `query` does, and what the work throws.
   */
  transaction<T>(work: (sql: TransactionSql) => Promise<T>, limitMs: number): Promise<T>;
}

/** Options of a pool. */
export interface PostgresOptions {
  /** Maximum number of connections. Default 10. */
  readonly connections?: number;
}

/**
 * Creates a pool; connections are opened as queries need them.
 *
 * @param url If it changes, new queries use new connections; those under way finish on the connections that they have.
 */
export function createPostgres(
  url: string | Secret<string>,
  { connections = 10 }: PostgresOptions = {},
): Postgres {
  return new Pool(url, connections);
}

/**
 * What has no answer so long after its limit, not even that it timed out, is on a dead connection: TCP takes a quarter of
 * an hour to give up one to a machine that vanished.
 */
const HUNG_AFTER_MS = 1_000;

class Pool implements Postgres {
  readonly #url: string | Secret<string>;
  readonly #connections: number;
  #driver: Driver;
  readonly #mayRedial = createRedialLimit();
  readonly #closing = new Set<Promise<void>>();

  constructor(url: string | Secret<string>, connections: number) {
    this.#url = url;
    this.#connections = connections;
    this.#driver = this.#open();
  }

  query<Rows extends readonly (Row | undefined)[]>(
    build: (sql: Sql) => PendingQuery<Rows & Row[]>,
  ): Promise<Rows> {
    // The server's own limit on a statement is as long.
    return this.#run(build, HOP_LIMIT_MS);
  }

  transaction<T>(work: (sql: TransactionSql) => Promise<T>, limitMs: number): Promise<T> {
    // The library's type unwraps arrays of promises, which this returns as they are.
    return this.#run((sql) => sql.begin(work) as Promise<T>, limitMs);
  }

  async #run<T>(run: (sql: Sql) => PromiseLike<T>, limitMs: number): Promise<T> {
    if (this.#driver.url !== currentValue(this.#url)) this.#replace(this.#driver, retireDriver);
    let driver = this.#driver;
    let state: "waiting" | "running" | "over" = "waiting";
    let hungAt = Infinity;
    let hung: ReturnType<typeof setTimeout> | undefined;
    const askOnce = () =>
      driver.limit(async () => {
        // It was given up while it waited.
        if (state === "over") throw new DeadlineExceeded("postgres");
        state = "running";
        hungAt = Date.now() + limitMs + HUNG_AFTER_MS;
        try {
          await warmUp(driver);
          return await run(driver.sql);
        } finally {
          clearTimeout(hung);
        }
      });
    const ask = async () => {
      while (true) {
        try {
          return await askOnce();
        } catch (error) {
          const isReplaced = isClearedFromQueue(error) && driver !== this.#driver;
          if (!isReplaced || state !== "waiting") throw error;
          // It was not sent yet.
          driver = this.#driver;
        }
      }
    };
    const abandon = () => {
      if (state === "running") hung = setTimeout(() => this.#replace(driver), hungAt - Date.now());
      state = "over";
    };
    try {
      return await withinHopDeadline("postgres", ask, abandon, limitMs);
    } catch (error) {
      // The waiting queries would fail in the same way.
      if (isDown(error)) driver.limit.clearQueue();
      // Connections stay read-only after a failover, or after the default that made them so has changed.
      if (isReadOnly(error) && this.#mayRedial()) this.#replace(driver);
      throw toFailure(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(this.#driver, closeDriver);
    await Promise.all(this.#closing);
  }

  #open(): Driver {
    return openDriver(currentValue(this.#url), this.#connections);
  }

  #replace(driver: Driver, close = closeDriver): void {
    if (this.#driver !== driver) return;
    this.#driver = this.#open();
    this.#close(driver, close);
  }

  #close(driver: Driver, close: (driver: Driver) => Promise<void>): void {
    const closed = close(driver).finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
