import { startBacking } from "@rocket/dev";
import { createLogger, type Logger } from "@rocket/platform/log";
import { createPostgres, migrate, type Postgres } from "@rocket/platform/postgres";

/** A database of its own, with a service's tables. */
export interface OwnDatabase extends AsyncDisposable {
  readonly log: Logger;
  /** Opens a pool, as each replica of the service does. It is closed with the database. */
  replica(): Postgres;
}

/** Starts a Postgres and migrates the database of a service. @param migrations The folder of its migrations. */
export async function startOwnDatabase(name: string, migrations: URL): Promise<OwnDatabase> {
  await using starting = new AsyncDisposableStack();
  const log = createLogger({ service: name, level: "silent", format: "json" });
  const options = { databases: [name], stores: ["postgres"], env: Deno.env.toObject() } as const;
  const backing = starting.use(await startBacking(options));
  const url = backing.postgresUrls[name] ?? "";
  await migrate({ url, directory: migrations.pathname, log });
  const owned = starting.move();
  return {
    log,
    replica: () => owned.use(createPostgres(url)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
