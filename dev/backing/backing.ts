/** Where the stores come from: named by the environment, or started by us in containers or as local processes. */
export type BackingSource = "environment" | "docker" | "local";

/** The kinds of store that the product uses; `stores.ts` has the table. */
export type StoreName = "postgres" | "redis" | "kafka";

/** What to provide, and where to look. */
export interface BackingOptions {
  /** Database names, each a lower-case identifier; the environment names `iam` by `IAM_POSTGRES_URL`. */
  readonly databases: readonly string[];
  /** ICU locale of the databases that we create; the server's own locale by default. */
  readonly icuLocale?: string;
  /** The stores that are needed. */
  readonly stores: readonly StoreName[];
  /** The shell's variables: those that name servers, `BACKING`, `POSTGRES_IMAGE` and the like, `PATH`, `TMPDIR`. */
  readonly env: Environment;
  /** The folder that keeps the data between runs; without it the data are deleted at the end. */
  readonly dataDir?: string;
  /** Receives progress, one line at a time. */
  readonly say?: (line: string) => void;
}

/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One store that can be made to fail and to come back, on the same port and with the same data. */
export interface BackingServer {
  /** Whether it runs, frozen or not; false if it has died. */
  isRunning(): Promise<boolean>;
  /** Shuts it down cleanly, its data on disk. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it answers. Does nothing if it runs. */
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Freezes it: its port still accepts connections, and nothing answers. */
  pause(): Promise<void>;
  /** Lets a frozen server continue. */
  resume(): Promise<void>;
}

/** The stores, answering; disposing ends those we started and deletes temporary data. */
export interface Backing extends AsyncDisposable {
  readonly source: BackingSource;
  /** Which of the stores we started; the environment names the others. */
  readonly ours: ReadonlySet<StoreName>;
  /** Where our stores keep their data, for a person. */
  readonly dataAt: string;
  /** One URL per database of the options, by its name. */
  readonly postgresUrls: Readonly<Record<string, string>>;
  /** Opens Postgres as its superuser, if it is ours. */
  readonly postgresAdminUrl?: string;
  readonly redisUrl: string;
  /** `KAFKA_BROKERS`, and how to log in there. */
  readonly kafkaVariables: Readonly<Record<string, string>>;
  readonly postgres: BackingServer;
  readonly redis: BackingServer;
  readonly kafka: BackingServer;
}
