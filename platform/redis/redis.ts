import { Redis as Client } from "ioredis";
import { HOP_LIMIT_MS, withinHopDeadline } from "../core/deadline.ts";
import { Unavailable } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";

/** One connection to Redis; commands sent while others are under way share it. */
export interface Redis extends AsyncDisposable {
  /**
   * Runs one command or script, no longer than the hop's deadline.
   *
   * @throws {Unavailable} when Redis can't be reached or refuses to serve.
   * @throws {DeadlineExceeded} when it does not answer in time.
   */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
}

/** Creates a connection that dials at once, and again within a second whenever it is lost. */
export function createRedis(url: string, log: Logger): Redis {
  const client = new Client(url, {
    connectTimeout: HOP_LIMIT_MS,
    // A command for a lost connection fails at once; the caller is told, nothing is kept to happen later.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A connection that leads nowhere would keep all that is sent into it until TCP gives it up.
    socketTimeout: HOP_LIMIT_MS + 500,
    retryStrategy: (attempts) => Math.min(50 * 2 ** attempts, 1_000),
  });
  // Without this a command sent while the first connection is made would fail like one for a lost connection.
  const firstTry = Promise.race(
    ["ready", "close"].map((event) => new Promise((done) => client.once(event, done))),
  );
  tellOfOutages(client, log);
  return {
    async run(command) {
      try {
        return await withinHopDeadline("redis", () => firstTry.then(() => command(client)));
      } catch (error) {
        throw toFailure(error);
      }
    },
    [Symbol.asyncDispose]: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

/** Logs the first failure of an outage, which every try to connect repeats, and its end. */
function tellOfOutages(client: Client, log: Logger): void {
  let isOut = false;
  client.on("error", (err) => {
    if (!isOut) log.warn({ err }, "redis connection failed");
    isOut = true;
  });
  client.on("ready", () => {
    if (isOut) log.info("redis answers again");
    isOut = false;
  });
}

/** Answers by which a server that is there refuses to serve (redis.io, "Redis serialization protocol": error prefixes). */
const REFUSED = /^(LOADING|BUSY|MASTERDOWN|READONLY|OOM|MISCONF|CLUSTERDOWN|NOAUTH|WRONGPASS|NOPERM)\b/;

/** How ioredis and node tell of a connection that is lost or could not be made, by an error's name, code or message. */
const LOST =
  /^(MaxRetriesPerRequestError|AbortError|ParserError|E[A-Z_]+|Connection is closed\.|Stream isn't writeable.*)$/;

function toFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isRefusal = error.name === "ReplyError" && REFUSED.test(error.message);
  const code = "code" in error ? String(error.code) : "";
  const isLoss = [error.name, code, error.message].some((word) => LOST.test(word));
  return isRefusal || isLoss ? new Unavailable("redis", { cause: error }) : error;
}
