import type { BackingServer, ServerName } from "./backing.ts";
import type { PostgresAdmin } from "./databases.ts";

/** One way to get servers. */
export interface Way {
  readonly name: "docker" | "local" | "apt";
  /**
   * Starts the servers that are needed.
   *
   * @throws {import("./errors.ts").WayUnavailable} when this way leads nowhere on this machine; nothing runs then
   */
  start(order: ServerOrder): Promise<StartedServers>;
}

/** Which servers are needed, and for how long their data shall live. */
export interface ServerOrder {
  readonly needs: ReadonlySet<ServerName>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that stands for data that last, locked by us; without it they are thrown away. */
  readonly dataDir: string | undefined;
  readonly say: (line: string) => void;
}

/** A server of ours; disposing it ends it. */
export type OwnServer = BackingServer & AsyncDisposable;

/** A Postgres of ours, before it has databases. */
export interface StartedPostgres {
  readonly server: OwnServer;
  readonly admin: PostgresAdmin;
}

/** A Redis of ours. */
export interface StartedRedis {
  readonly server: OwnServer;
  readonly url: string;
}

/** The servers that a way has started, answering; disposing ends them and removes throw-away data. */
export interface StartedServers extends AsyncDisposable {
  readonly postgres: StartedPostgres | undefined;
  readonly redis: StartedRedis | undefined;
}

/** Starts both servers at once; when one fails, ends the other and throws what the first was wrong with. */
export async function startTogether(
  postgres: Promise<StartedPostgres> | undefined,
  redis: Promise<StartedRedis> | undefined,
  stack: AsyncDisposableStack,
): Promise<StartedServers> {
  const started = await Promise.allSettled([postgres, redis]);
  for (const each of started) if (each.status === "fulfilled" && each.value) stack.use(each.value.server);
  const failed = started.find((each) => each.status === "rejected");
  if (failed) throw failed.reason;
  const owned = stack.move();
  return { postgres: await postgres, redis: await redis, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
