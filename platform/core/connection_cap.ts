/** How many connections a door holds at the same time; far below the descriptors that a process may open. */
export interface ConnectionLimits {
  readonly inAll: number;
  readonly perAddress: number;
}

/** What a door holds by default. A client needs one gRPC connection; a proxy may open hundreds. */
export const CONNECTION_LIMITS: ConnectionLimits = { inAll: 4_000, perAddress: 1_000 };

/** How long a connection may take to its first request, in milliseconds. */
export const FIRST_REQUEST_LIMIT_MS = 10_000;

/** Counts the connections of a door, and makes room for new ones. */
export interface ConnectionCap<Connection> {
  /**
   * Counts a new connection. At a limit, the oldest connection without a request gives way, first one of the same
   * address.
   *
   * @returns Whether there is room; if not, the caller must close the connection.
   */
  admit(connection: Connection, address: string): boolean;
  /** Records that the connection has made a request: it no longer gives way. */
  keep(connection: Connection): void;
  /** Stops counting a connection that has closed. */
  remove(connection: Connection): void;
  /**
   * Closes the connections that have made no request in time; to be called now and then.
   *
   * @param limitMs 0 to close all of them, as at a stop.
   */
  closeUnused(limitMs?: number): void;
}

/** A connection that has made no request. */
interface Unused {
  readonly address: string;
  readonly since: number;
}

/**
 * Creates a cap. A process without descriptors accepts nothing any more, and under Deno its listeners don't recover.
 *
 * @param close Closes a connection that gives way; `remove` is called for it, now or later.
 * @param now The time, in milliseconds.
 */
export function createConnectionCap<Connection>(
  close: (connection: Connection) => void,
  { inAll, perAddress }: ConnectionLimits = CONNECTION_LIMITS,
  now: () => number = Date.now,
): ConnectionCap<Connection> {
  const addresses = new Map<Connection, string>();
  const counts = new Map<string, number>();
  // In the order of their arrival.
  const unused = new Map<Connection, Unused>();

  const remove = (connection: Connection) => {
    const address = addresses.get(connection);
    if (address === undefined) return;
    addresses.delete(connection);
    unused.delete(connection);
    const left = (counts.get(address) ?? 0) - 1;
    if (left > 0) counts.set(address, left);
    else counts.delete(address);
  };
  const evict = (connection: Connection | undefined): boolean => {
    if (connection === undefined) return false;
    remove(connection);
    close(connection);
    return true;
  };
  const oldestOf = (address: string) => unused.entries().find(([, it]) => it.address === address)?.[0];
  const oldest = () => unused.keys().next().value;

  return {
    admit(connection, address) {
      const isFull = (counts.get(address) ?? 0) >= perAddress;
      if (isFull && !evict(oldestOf(address))) return false;
      if (addresses.size >= inAll && !evict(oldestOf(address) ?? oldest())) return false;
      addresses.set(connection, address);
      counts.set(address, (counts.get(address) ?? 0) + 1);
      unused.set(connection, { address, since: now() });
      return true;
    },
    keep: (connection) => void unused.delete(connection),
    remove,
    closeUnused(limitMs = FIRST_REQUEST_LIMIT_MS) {
      for (const [connection, { since }] of unused) {
        if (now() - since < limitMs) return;
        evict(connection);
      }
    },
  };
}
