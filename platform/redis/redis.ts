import { Cluster } from "ioredis";
import { parseRedisUrl } from "../config/redis_url.ts";
import { currentValue, type Secret } from "../config/secret.ts";
import { withinHopDeadline } from "../core/deadline.ts";
import { createRedialLimit } from "../core/redial_limit.ts";
import type { Logger } from "../log/logger.ts";
import { openClient, type RedisCommands } from "./client.ts";
import { isLostMaster, NotConnected, toFailure } from "./failure.ts";
import { watchCluster, watchConnection } from "./outage.ts";

/** One connection to Redis, or one to each master of a cluster; commands sent while others are under way share it. */
export interface Redis extends AsyncDisposable {
  /**
   * Runs one command or script, no longer than the hop's deadline.
   *
   * @throws {AccessRefused} if Redis refuses the user, the password, the database or the command.
   * @throws {Unavailable} if Redis can't be reached, or refuses to serve.
   * @throws {DeadlineExceeded} if it does not answer in time.
   */
  run<T>(command: (client: RedisCommands) => Promise<T>): Promise<T>;
}

/**
 * Creates a connection to the Redis of a URL (`parseRedisUrl`) that dials at once, and again within a second whenever it
 * is lost: to the same server, to the master that Sentinels name, or to the masters of a cluster.
 *
 * @param url If it changes, new commands use a new connection; those under way finish on the one that they were sent on.
 * @throws {TypeError} if the URL has none of the forms.
 */
export function createRedis(url: string | Secret<string>, log: Logger): Redis {
  let connection = connect(currentValue(url), log);
  return {
    run(command) {
      if (connection.url !== currentValue(url)) {
        connection.closeOnceIdle();
        connection = connect(currentValue(url), log);
      }
      return connection.run(command);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(connection.close()),
  };
}

interface Connection extends Pick<Redis, "run"> {
  readonly url: string;
  close(): void;
  /** Closes it when the commands under way have been answered, or given up. */
  closeOnceIdle(): void;
}

function connect(url: string, log: Logger): Connection {
  const target = parseRedisUrl(url);
  if (target === undefined) throw new TypeError("not the URL of a Redis");
  const client = openClient(target, createReconnectRule(log));
  // Without this, a command sent while the first connection is being made would fail like one on a lost connection.
  // While no Sentinel answers, the connection is never closed, as it is not even begun.
  const ends = target.kind === "sentinel" ? ["ready", "close", "error"] : ["ready", "close"];
  const firstTry = Promise.race(ends.map((event) => new Promise((done) => client.once(event, done))));
  const outage = client instanceof Cluster ? watchCluster(client, log) : watchConnection(client, log);
  let underWay = 0;
  let isRetired = false;
  const close = () => client.disconnect();
  const closeIfIdle = () => {
    if (isRetired && underWay === 0) close();
  };
  return {
    url,
    async run(command) {
      underWay++;
      try {
        return await withinHopDeadline("redis", async () => {
          await firstTry;
          // A cluster would keep the command until it is ready.
          if (client instanceof Cluster && client.status !== "ready") throw new NotConnected();
          return await command(client);
        });
      } catch (error) {
        throw toFailure(error, outage.cause);
      } finally {
        underWay--;
        closeIfIdle();
      }
    },
    close,
    closeOnceIdle() {
      isRetired = true;
      closeIfIdle();
    },
  };
}

/** After a failover the address leads to the new master, while open connections still lead to the old one. */
function createReconnectRule(log: Logger): (error: Error) => boolean {
  const mayRedial = createRedialLimit();
  return (err) => {
    if (!isLostMaster(err) || !mayRedial()) return false;
    log.warn({ err }, "redis takes no writes; reconnecting");
    return true;
  };
}
