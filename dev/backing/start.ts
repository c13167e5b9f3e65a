import { join, resolve } from "node:path";
import { aptWay } from "./apt.ts";
import type { Backing, BackingOptions } from "./backing.ts";
import { boundByData, boundByEnvironment, startFirstPossible } from "./choose_way.ts";
import { openDatabases } from "./databases.ts";
import { readVolumes, volumesFile } from "./docker/volumes.ts";
import { dockerWay } from "./docker/way.ts";
import { DataInUse } from "./errors.ts";
import { exists, type FileLock, makePassable, tryLockFile } from "./files.ts";
import { kafkaVariables } from "./kafka/settings.ts";
import { lastingFolder, removeHome } from "./local/home.ts";
import { localWay } from "./local/way.ts";
import { checkNamedServers, type NamedServers, readNamedServers, untouchable } from "./named.ts";

const WAYS = [dockerWay, localWay, aptWay];

/**
 * Provides the stores asked for, Postgres with its databases among them: those that the environment names, else containers,
 * else this machine's own programs, else programs that it installs.
 *
 * @throws {import("./errors.ts").BackingMisconfigured} when the environment contradicts itself, or names a server that
 * does not answer or a database that does not exist
 * @throws {import("./errors.ts").BackingUnavailable} when there is no way to get them, listing the ways
 * @throws {import("./errors.ts").DataInUse} when another run is using the data folder
 * @throws {import("./errors.ts").ServerFailed} when a server that we start does not come up
 * @throws {import("./errors.ts").UnusableFolder} when the data folder can't be written
 */
export async function startBacking(options: BackingOptions): Promise<Backing> {
  const named = readNamedServers(options.databases, options.env, options.stores);
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
  const { source, dataAt, stores } = stack.use(await startFirstPossible(WAYS, databases, order, bound));
  const [postgres, redis, kafka] = [stores.get("postgres"), stores.get("redis"), stores.get("kafka")];
  const postgresUrls = postgres && await openDatabases(postgres.url, databases, options.icuLocale);
  const owned = stack.move();
  return {
    ...fromEnvironment(named),
    source,
    dataAt,
    ...(postgres && postgresUrls &&
      { postgres: postgres.server, postgresUrls, postgresAdminUrl: postgres.url }),
    ...(redis && { redis: redis.server, redisUrl: redis.url }),
    ...(kafka && { kafka: kafka.server, kafkaVariables: kafkaVariables(kafka.url) }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function fromEnvironment(
  { needs, postgresUrls = {}, redisUrl = "", kafkaVariables = {} }: NamedServers,
): Backing {
  return {
    source: "environment",
    ours: needs,
    dataAt: "with those servers; --fresh leaves them alone",
    postgresUrls,
    redisUrl,
    kafkaVariables,
    postgres: untouchable("Postgres"),
    redis: untouchable("Redis"),
    kafka: untouchable("Kafka"),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Deletes the data that {@link startBacking} keeps for a data folder: folders and Docker volumes.
 *
 * @throws {import("./errors.ts").DataInUse} while a run is using the data
 * @throws {import("./errors.ts").WayUnavailable} when data are in Docker volumes and no engine answers
 */
export async function dropBackingData(dataDir: string): Promise<void> {
  const folder = resolve(dataDir);
  if (!await exists(folder)) return;
  using _lock = await holdDataDir(folder);
  await removeHome(await lastingFolder(folder));
  const volumes = await readVolumes(folder);
  if (!volumes) return;
  // Loaded only when it is needed: testcontainers is a heavy library.
  const { dropVolumes } = await import("./docker/containers.ts");
  await dropVolumes(volumes);
  await Deno.remove(volumesFile(folder));
}

/**
 * Makes the data folder, if need be, and holds it for this process until the lock is disposed.
 *
 * @throws {DataInUse} when another process, or another part of this one, holds it
 */
async function holdDataDir(dataDir: string): Promise<FileLock> {
  // A folder that exists is the person's own, and stays as open or closed as it is.
  if (!await exists(dataDir)) await makePassable(dataDir);
  const path = join(dataDir, "lock");
  const lock = await tryLockFile(path);
  if (!lock) throw new DataInUse(dataDir, await Deno.readTextFile(path));
  await lock.file.truncate();
  await lock.file.write(new TextEncoder().encode(String(Deno.pid)));
  return lock;
}
