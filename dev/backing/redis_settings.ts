/** What differs from one Redis of ours to the next. */
export interface RedisSettings {
  /** The addresses it listens on, as Redis writes them. */
  readonly bind: string;
  readonly port: number;
  readonly password: string;
  /** The folder that holds its data. */
  readonly folder: string;
}

/** The configuration file of a Redis that keeps what it was told and never throws a session away. */
export function redisSettings({ bind, port, password, folder }: RedisSettings): string {
  return [
    `bind ${bind}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    "appendonly yes",
    "maxmemory-policy noeviction",
    // The append-only file holds everything: a second copy would only make stopping slower.
    'save ""',
    // A process title without the folder's name could not be told from anybody else's Redis.
    "set-proc-title no",
    "",
  ].join("\n");
}
