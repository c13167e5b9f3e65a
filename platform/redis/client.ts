import type { RedisAddress, RedisTarget } from "../config/redis_url.ts";
import { Cluster, Redis as Client, type RedisCommander, type RedisOptions } from "ioredis";
import { HOP_LIMIT_MS } from "../core/deadline.ts";

/** The commands of Redis, the same on a single server and on a cluster. */
export type RedisCommands = RedisCommander<{ type: "default"; mapping: "resp2" }>;

type Options = Omit<RedisOptions, "replyMapping">;

/** How soon a lost connection is made again, in milliseconds. */
const redialPause = (attempts: number) => Math.min(50 * 2 ** attempts, 1_000);

/**
 * Without a command no node says that a slot has moved, and a node that hangs says nothing at all: so the nodes are
 * asked for the slots this often, in milliseconds. It bounds how long a failover can go unnoticed.
 */
const SLOTS_EVERY_MS = 1_000;

/** Opens the library's client for a target; it dials at once. */
export function openClient(
  target: RedisTarget,
  reconnectOnError: (error: Error) => boolean,
): Client | Cluster {
  const options: Options = {
    connectTimeout: HOP_LIMIT_MS,
    // A dead connection would otherwise keep whatever is sent into it until TCP gives it up.
    socketTimeout: HOP_LIMIT_MS + 500,
    // A server that hangs never confirms the end of a connection.
    disconnectTimeout: 200,
    // A command for a lost connection fails at once; the caller gets the failure, and nothing is kept to run later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: redialPause,
    reconnectOnError,
  };
  if (target.kind === "single") return new Client(target.url, options);
  const login = { ...target.login, ...(target.tls && { tls: {} }) };
  if (target.kind === "cluster") return openCluster(target.addresses, { ...options, ...login });
  const { username: sentinelUsername, password: sentinelPassword } = target.sentinelLogin;
  const client = new Client({
    ...options,
    ...login,
    sentinels: target.addresses.map(toNode),
    name: target.name,
    sentinelRetryStrategy: redialPause,
    sentinelCommandTimeout: 1_000,
    sentinelUsername,
    sentinelPassword,
    ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
  limitHandshake(client);
  return client;
}

/** How long a connection may take to become usable before the Sentinels are asked again, in milliseconds. */
const HANDSHAKE_LIMIT_MS = 1_000;

/** A master that hangs accepts connections: without a limit its clients would still wait when it has been replaced. */
function limitHandshake(client: Client): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  client.on("connect", () => timer = setTimeout(() => client.disconnect(true), HANDSHAKE_LIMIT_MS));
  for (const event of ["ready", "close"]) client.on(event, () => clearTimeout(timer));
}

function openCluster(addresses: readonly RedisAddress[], redisOptions: Options): Cluster {
  return new Cluster(addresses.map(toNode), {
    redisOptions,
    clusterRetryStrategy: redialPause,
    slotsRefreshInterval: SLOTS_EVERY_MS,
    // 0 is never: a command that may have been run is not sent again, and a cluster that is down says so at once.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Names are resolved when they are dialled, so that TLS can check them against certificates.
    dnsLookup: (host, found) => found(null, host),
  });
}

/** The library takes IPv6 addresses without brackets. */
function toNode({ host, port }: RedisAddress): { host: string; port: number } {
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port };
}
