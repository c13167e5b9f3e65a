import postgres from "postgres";
import type { BackingServer, ServerName } from "./backing.ts";
import { BackingMisconfigured, NotOurServer } from "./errors.ts";
import { askRedis } from "./redis_answers.ts";

/** The servers that the environment names; what it does not name is for us to start. */
export interface NamedServers {
  readonly postgresUrls: Readonly<Record<string, string>> | undefined;
  readonly redisUrl: string | undefined;
  /** What is left to start. */
  readonly needs: ReadonlySet<ServerName>;
}

/** The variable that names a database's Postgres. */
export function postgresVariable(database: string): string {
  return `${database.toUpperCase()}_POSTGRES_URL`;
}

/** The variable that names the Redis. */
export const REDIS_VARIABLE = "IAM_REDIS_URL";

/**
 * Reads which servers the environment names.
 *
 * @throws {BackingMisconfigured} when it names Postgres for some databases and not for others
 */
export function readNamedServers(
  databases: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): NamedServers {
  const urls = databases.map((name) => [name, env[postgresVariable(name)] || undefined] as const);
  const missing = urls.filter(([, url]) => url === undefined).map(([name]) => postgresVariable(name));
  if (missing.length > 0 && missing.length < urls.length) {
    throw new BackingMisconfigured(
      `the environment names Postgres for some databases only: set ${
        missing.join(", ")
      } as well, or none of them`,
    );
  }
  const isNamed = urls.length > 0 && missing.length === 0;
  const redisUrl = env[REDIS_VARIABLE] || undefined;
  const needs = new Set<ServerName>();
  if (!isNamed) needs.add("postgres");
  if (redisUrl === undefined) needs.add("redis");
  const postgresUrls = isNamed ? Object.fromEntries(urls.map(([name, url]) => [name, url ?? ""])) : undefined;
  return { postgresUrls, redisUrl, needs };
}

/**
 * Asks each named server whether it answers, and each named database whether it exists.
 *
 * @throws {BackingMisconfigured} naming the variable and what its server said, without the URL: it may hold a password
 */
export async function checkNamedServers({ postgresUrls = {}, redisUrl }: NamedServers): Promise<void> {
  const checks = Object.entries(postgresUrls)
    .map(([name, url]) => check(postgresVariable(name), () => askDatabase(url)));
  if (redisUrl !== undefined) checks.push(check(REDIS_VARIABLE, () => askRedis(redisUrl)));
  await Promise.all(checks);
}

/** A server that we may use but not touch: every action throws {@link NotOurServer}. */
export function untouchable(server: string): BackingServer {
  const refuse = (action: string) => () => Promise.reject(new NotOurServer(server, action));
  return {
    isRunning: refuse("watch"),
    stop: refuse("stop"),
    start: refuse("start"),
    kill: refuse("kill"),
    pause: refuse("pause"),
    resume: refuse("resume"),
  };
}

async function check(variable: string, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new BackingMisconfigured(`${variable} names a server that does not serve us: ${reason}`, {
      cause: error,
    });
  }
}

async function askDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5 });
  try {
    await sql`select 1`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
