import { optional, readConfig } from "@rocket/platform/config";
import type { BackingServer, Environment, StoreName } from "./backing.ts";
import { BackingMisconfigured, messageOf, NotOurServer } from "./errors.ts";
import { askKafka, STORES } from "./stores.ts";

/** The stores that the environment names. */
export interface NamedServers {
  readonly postgresUrls: Readonly<Record<string, string>> | undefined;
  readonly redisUrl: string | undefined;
  readonly kafkaVariables: Readonly<Record<string, string>> | undefined;
  /** What is left for us to start. */
  readonly needs: ReadonlySet<StoreName>;
}

/** The variable that names a database's Postgres. */
export function postgresVariable(database: string): string {
  return `${database.toUpperCase()}_POSTGRES_URL`;
}

/** The variable that names the Redis. */
export const REDIS_VARIABLE = "IAM_REDIS_URL";

/** The variable that names Kafka, and those that say how to log in there. */
export const KAFKA_VARIABLE = "KAFKA_BROKERS";
const KAFKA_LOGIN = ["KAFKA_SASL", "KAFKA_SASL_FILE", "KAFKA_TLS_CA"];

/**
 * Reads which stores the environment names.
 *
 * @throws {BackingMisconfigured} when it names Postgres for some databases and not for others
 * @throws {InvalidConfig} when it names a store twice, or a file that can't be read
 */
export function readNamedServers(
  databases: readonly string[],
  env: Environment,
  stores: readonly StoreName[],
): NamedServers {
  const urls = databases.map((name) => [name, namedUrl(postgresVariable(name), env)] as const);
  const missing = urls.filter(([, url]) => url === undefined).map(([name]) => postgresVariable(name));
  if (missing.length > 0 && missing.length < urls.length) {
    throw new BackingMisconfigured(
      `the environment names Postgres for some databases only: set ${
        missing.join(", ")
      } as well, or none of them`,
    );
  }
  const isNamed = urls.length > 0 && missing.length === 0;
  const redisUrl = namedUrl(REDIS_VARIABLE, env);
  const postgresUrls = isNamed ? Object.fromEntries(urls.map(([name, url]) => [name, url ?? ""])) : undefined;
  const kafkaVariables = env[KAFKA_VARIABLE] ? pick([KAFKA_VARIABLE, ...KAFKA_LOGIN], env) : undefined;
  const named = { postgres: postgresUrls, redis: redisUrl, kafka: kafkaVariables };
  const needs = new Set(stores.filter((name) => named[name] === undefined));
  return { postgresUrls, redisUrl, kafkaVariables, needs };
}

function pick(names: readonly string[], env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => env[name] ? [[name, env[name]]] : []));
}

/** A URL that the environment holds, or that is in the file that it names. */
function namedUrl(name: string, env: Environment): string | undefined {
  const url = { name, secret: true, rule: "the URL of a store", parse: (text: string) => text } as const;
  return readConfig({ url: optional<string>(url) }, (variable) => env[variable]).url?.value;
}

/**
 * Checks that each named server answers and that each named database exists.
 *
 * @throws {BackingMisconfigured} naming the variable and its server's complaint, without the URL: it may hold a password
 */
export async function checkNamedServers(
  { postgresUrls = {}, redisUrl, kafkaVariables }: NamedServers,
): Promise<void> {
  const checks = Object.entries(postgresUrls)
    .map(([name, url]) => check(postgresVariable(name), () => STORES.postgres.ask(url)));
  if (redisUrl !== undefined) checks.push(check(REDIS_VARIABLE, () => STORES.redis.ask(redisUrl)));
  if (kafkaVariables !== undefined) checks.push(check(KAFKA_VARIABLE, () => askKafka(kafkaVariables)));
  await Promise.all(checks);
}

/** A store that we may use but not control: every action throws {@link NotOurServer}. */
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

async function check(variable: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    throw new BackingMisconfigured(`${variable} names a server that we can't use: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
