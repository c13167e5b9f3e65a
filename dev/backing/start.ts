import { resolve } from "node:path";
import { aptWay } from "./apt/way.ts";
import type { Backing, BackingOptions } from "./backing.ts";
import { boundByData, boundByEnvironment } from "./bound.ts";
import { startFirstPossible } from "./choose_way.ts";
import { holdDataDir } from "./data_dir.ts";
import { openDatabases } from "./databases.ts";
import { dockerWay } from "./docker/way.ts";
import { localWay } from "./local/way.ts";
import { checkNamedServers, type NamedServers, readNamedServers, untouchable } from "./named.ts";

const WAYS = [dockerWay, localWay, aptWay];

/**
 * Provides a Postgres with the databases asked for, and a Redis: those that the environment names, else containers,
 * else this machine's own programs, else programs that it installs.
 *
 * @throws {import("./errors.ts").BackingMisconfigured} when the environment contradicts itself, or names a server that
 * does not answer or a database that does not exist
 * @throws {import("./errors.ts").BackingUnavailable} when there is no way to get them, listing the ways
 * @throws {import("./errors.ts").DataInUse} when another run works with the data folder
 * @throws {import("./errors.ts").ServerFailed} when a server that we start does not come up
 */
export async function startBacking(options: BackingOptions): Promise<Backing> {
  const named = readNamedServers(options.databases, options.env);
  await checkNamedServers(named);
  return named.needs.size === 0 ? fromEnvironment(named) : await startMissing(named, options);
}

async function startMissing(named: NamedServers, options: BackingOptions): Promise<Backing> {
  const { databases, env, say = () => {} } = options;
  await using stack = new AsyncDisposableStack();
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  if (dataDir !== undefined) stack.use(await holdDataDir(dataDir));
  const bound = boundByEnvironment(env["BACKING"]) ??
    (dataDir === undefined ? undefined : await boundByData(dataDir));
  const order = { needs: named.needs, env, dataDir, say };
  const { source, servers } = await startFirstPossible(WAYS, databases, order, bound);
  const { postgres, redis } = stack.use(servers);
  const postgresUrls = postgres
    ? await openDatabases(postgres.admin, databases, options.icuLocale)
    : undefined;
  const owned = stack.move();
  return {
    ...fromEnvironment(named),
    source,
    ...(postgres && postgresUrls && { postgres: postgres.server, postgresUrls }),
    ...(redis && { redis: redis.server, redisUrl: redis.url }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function fromEnvironment({ postgresUrls = {}, redisUrl = "" }: NamedServers): Backing {
  return {
    source: "environment",
    postgresUrls,
    redisUrl,
    postgres: untouchable("Postgres"),
    redis: untouchable("Redis"),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
