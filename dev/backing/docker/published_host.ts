/** The loopback address, which no other machine reaches. */
export const LOOPBACK = "127.0.0.1";

/**
 * Where to publish the ports of containers, and to dial them.
 *
 * testcontainers takes a machine with `/.dockerenv` for a container and dials its engine's bridge, even where the
 * engine runs inside that very machine: then the bridge is an interface of ours, and so is the loopback address.
 *
 * @param host The engine's host as testcontainers resolved it.
 * @param ownAddresses The addresses of this machine's interfaces.
 */
export function publishedHost(host: string, ownAddresses: readonly string[]): string {
  return host === "localhost" || ownAddresses.includes(host) ? LOOPBACK : host;
}
