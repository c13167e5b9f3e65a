import { KAFKA_VARIABLES, readConfig } from "@rocket/platform/config";
import { Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createRedis } from "@rocket/platform/redis";
import { Redis } from "ioredis";
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import type { Environment, StoreName } from "./backing.ts";
import { kafkaUrl, kafkaVariables } from "./kafka/settings.ts";

/** What the ways need to know about a kind of store. */
export interface StoreKind {
  readonly title: string;
  /** The port that it listens on in a container. */
  readonly port: number;
  /** The official image of the oldest version supported, and the variable that names another. */
  readonly image: { readonly variable: string; readonly fallback: string };
  /** The folder in its container that holds the data. */
  readonly imageData: string;
  /** Debian's packages. */
  readonly packages: readonly string[];
  /** The URL with every right on a server of ours. */
  readonly url: (host: string, port: number, password: string) => string;
  /** Asks the server at a URL one question; resolves if it is ready for more. */
  readonly ask: (url: string) => Promise<unknown>;
}

/** The superuser of every Postgres that we start. */
export const SUPERUSER = "rocket";

/** All kinds of store. */
export const STORES: Readonly<Record<StoreName, StoreKind>> = {
  postgres: {
    title: "Postgres",
    port: 5432,
    image: { variable: "POSTGRES_IMAGE", fallback: "postgres:15-alpine" },
    imageData: "/var/lib/postgresql/data",
    packages: ["postgresql"],
    url: (host, port, password) => `postgres://${SUPERUSER}:${password}@${host}:${port}/postgres`,
    ask: (url) => withPostgres(url, (sql) => sql`select 1`),
  },
  redis: {
    title: "Redis",
    port: 6379,
    image: { variable: "REDIS_IMAGE", fallback: "redis:7.0-alpine" },
    imageData: "/data",
    packages: ["redis-server"],
    url: (host, port, password) => `redis://:${password}@${host}:${port}`,
    ask: (url) => /^rediss?\+/.test(url) ? askSeveral(url) : withRedis(url, (redis) => redis.ping()),
  },
  kafka: {
    title: "Kafka",
    port: 9092,
    image: { variable: "KAFKA_IMAGE", fallback: "apache/kafka:4.4.0" },
    imageData: "/var/lib/kafka/data",
    // Maven brings the broker itself.
    packages: ["openjdk-17-jre-headless", "maven"],
    url: kafkaUrl,
    ask: (url) => askKafka(kafkaVariables(url)),
  },
};

// Object.keys is typed for objects that may have more keys than their type says; this one has none.
/** The names of all kinds of store. */
export const STORE_NAMES = Object.keys(STORES) as readonly StoreName[];

/** The arguments of a Postgres of ours wherever it runs, and those that set more. */
export function postgresArgs(lasts: boolean, more: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({
    max_connections: "200",
    // Even without fsync a killed Postgres loses nothing; only a power cut may cost temporary data.
    ...(lasts ? {} : { fsync: "off" }),
    ...more,
  }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** The arguments of a Redis of ours wherever it runs, and those that set more. */
export function redisArgs(more: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({
    appendonly: "yes",
    "maxmemory-policy": "noeviction",
    // The append-only file has everything: snapshots would only make stopping slower.
    save: "",
    ...more,
  }).flatMap(([name, value]) => [`--${name}`, value]);
}

/** A new password of 192 random bits, in letters that need no escape in a URL, in SQL or in a configuration file. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}

/** Uses a new connection to a database, closed afterwards. */
export async function withPostgres<T>(url: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 5 });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Uses a new connection to Redis, closed afterwards. A Redis that is still loading its data does not answer. */
export async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
  });
  // A refused connection is reported by this event and by the promise below; the promise is enough.
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Asks the Redis behind Sentinels or of a cluster, as a service would. Throws the cause of its failure. */
async function askSeveral(url: string): Promise<void> {
  await using redis = createRedis(url, createLogger({ service: "dev", level: "silent", format: "json" }));
  await orItsCause(() => redis.run((client) => client.ping()));
}

/** Asks the Kafka that variables lead to, as a service would. Throws the cause of its failure. */
export async function askKafka(variables: Environment): Promise<void> {
  // Most of what needs a store needs no Kafka, and its library takes long to load.
  const { createKafkaAdmin } = await import("@rocket/platform/kafka");
  await using kafka = createKafkaAdmin(readConfig(KAFKA_VARIABLES, (name) => variables[name]));
  await orItsCause(() => kafka.probe());
}

async function orItsCause(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    throw error instanceof Unavailable ? error.cause ?? error : error;
  }
}
