/** Whose servers they are: the environment's, or what we started in containers or as processes of this machine. */
export type BackingSource = "environment" | "docker" | "local";

/** The two servers that the product stands on. */
export type ServerName = "postgres" | "redis";

/** What to provide, and where to look. */
export interface BackingOptions {
  /** Database names, each a lower-case identifier; `iam` is named by `IAM_POSTGRES_URL` in the environment. */
  readonly databases: readonly string[];
  /** ICU locale of the databases that we create; the server's own locale by default. */
  readonly icuLocale?: string;
  /** `IAM_POSTGRES_URL` and the like, `IAM_REDIS_URL`, `BACKING`, `POSTGRES_IMAGE`, `REDIS_IMAGE`, `DOCKER_HOST`, `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that keeps the data from one day to the next; without it the data are thrown away at the end. */
  readonly dataDir?: string;
  /** Told what is going on, one line at a time. */
  readonly say?: (line: string) => void;
}

/** One server that can be made to fail and to come back, on the same port and with the same data. */
export interface BackingServer {
  /** Whether it runs, frozen or not; one that has died by itself does not. */
  isRunning(): Promise<boolean>;
  /** Stops it in good order, its data on disk. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it answers. Does nothing when it runs. */
  start(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Freezes it: its port still accepts, and nothing answers. */
  pause(): Promise<void>;
  /** Lets a frozen server go on where it was. */
  resume(): Promise<void>;
}

/** Postgres and Redis, answering; disposing ends whatever we started and removes throw-away data. */
export interface Backing extends AsyncDisposable {
  readonly source: BackingSource;
  /** One URL per database of the options, by its name. */
  readonly postgresUrls: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  readonly postgres: BackingServer;
  readonly redis: BackingServer;
}
