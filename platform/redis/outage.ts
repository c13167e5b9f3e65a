import { type Cluster, type Redis as Client } from "ioredis";
import type { Logger } from "../log/logger.ts";
import { isFailedSelect, isNotSent } from "./failure.ts";

/** Why there is no connection, while there is none: commands that can't be sent fail without saying why. */
export interface Outage {
  readonly cause: Error | undefined;
}

/** Logs the first error of an outage, which every attempt to connect repeats, and its end. */
export function watchConnection(client: Client, log: Logger): Outage {
  const outage: { cause: Error | undefined } = { cause: undefined };
  let sentinelError: Error | undefined;
  client.on("sentinelError", (err: Error) => sentinelError = err);
  client.on("error", (err: Error) => {
    if (sentinelError !== undefined && /^All sentinels/.test(err.message)) err.cause ??= sentinelError;
    if (outage.cause === undefined) log.warn({ err }, "redis connection failed");
    // ioredis would go on in database 0. Its handshake then fails once more, on the connection closed here.
    if (isFailedSelect(err)) client.disconnect(true);
    if (!isNotSent(err)) outage.cause = err;
  });
  client.on("ready", () => {
    if (outage.cause === undefined) return;
    log.info("redis answers again");
    outage.cause = undefined;
  });
  return outage;
}

/**
 * Logs the first error of each master that can't be reached, and when it answers again or another node has taken its
 * place.
 */
export function watchCluster(cluster: Cluster, log: Logger): Outage {
  const lost = new Map<string, Error>();
  cluster.on("node error", (err: Error, node: string) => {
    if (!mastersOf(cluster).has(node)) return;
    if (!lost.has(node)) log.warn({ err, node }, "redis connection failed");
    lost.set(node, err);
  });
  // It only sums up the errors of the nodes.
  cluster.on("error", () => {});
  cluster.on("refresh", () => {
    if (lost.size === 0) return;
    const masters = mastersOf(cluster);
    for (const node of lost.keys()) {
      const isLost = masters.has(node) && masters.get(node) !== "ready";
      if (!isLost) lost.delete(node);
    }
    if (lost.size === 0) log.info("redis answers again");
  });
  return {
    get cause() {
      return lost.values().next().value;
    },
  };
}

/** The state of the connection to each master, by `host:port`. */
function mastersOf(cluster: Cluster): ReadonlyMap<string, string> {
  const masters = cluster.nodes("master");
  return new Map(masters.map(({ options: { host, port }, status }) => [`${host}:${port}`, status]));
}
