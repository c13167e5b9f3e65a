import { Redis as Client } from "ioredis";
import { HOP_LIMIT_MS, withinHopDeadline } from "../core/deadline.ts";
import { createRedialLimit } from "../core/redial_limit.ts";
import type { Logger } from "../log/logger.ts";
import { isFailedSelect, isLostMaster, isNotSent, toFailure } from "./failure.ts";

/** One connection to Redis; commands sent while others are under way share it. */
export interface Redis extends AsyncDisposable {
  /**
   * Runs one command or script, no longer than the hop's deadline.
   *
   * @throws {AccessRefused} if Redis refuses the user, the password, the database or the command.
   * @throws {Unavailable} if Redis can't be reached, or refuses to serve.
   * @throws {DeadlineExceeded} if it does not answer in time.
   */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
}

/** Creates a connection that dials at once, and again within a second whenever it is lost. */
export function createRedis(url: string, log: Logger): Redis {
  const client = new Client(url, {
    connectTimeout: HOP_LIMIT_MS,
    // A command for a lost connection fails at once; the caller gets the failure, and nothing is kept to run later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A dead connection would otherwise keep whatever is sent into it until TCP gives it up.
    socketTimeout: HOP_LIMIT_MS + 500,
    retryStrategy: (attempts) => Math.min(50 * 2 ** attempts, 1_000),
    reconnectOnError: createReconnectRule(log),
  });
  // Without this, a command sent while the first connection is being made would fail like one on a lost connection.
  const firstTry = Promise.race(
    ["ready", "close"].map((event) => new Promise((done) => client.once(event, done))),
  );
  const outage = watchOutages(client, log);
  return {
    async run(command) {
      try {
        return await withinHopDeadline("redis", () => firstTry.then(() => command(client)));
      } catch (error) {
        throw toFailure(error, outage.cause);
      }
    },
    [Symbol.asyncDispose]: () => {
      client.disconnect();
      return Promise.resolve();
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

/**
 * Logs the first error of an outage, which every attempt to connect repeats, and its end.
 *
 * @returns The outage's last error while one lasts: commands that can't be sent fail without saying why.
 */
function watchOutages(client: Client, log: Logger): { readonly cause: Error | undefined } {
  const outage: { cause: Error | undefined } = { cause: undefined };
  client.on("error", (err) => {
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
