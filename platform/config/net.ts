import { formatAddress } from "../core/address.ts";
import { parseRedisUrl, type RedisAddress } from "./redis_url.ts";

/** Where the URL of a store with one server leads, as `host:port`. */
export function storeTarget(url: string, defaultPort: 5432 | 6379): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || defaultPort}`;
}

/** What `--allow-net` must name for a port to be listened on: a name is resolved first, then its addresses are bound. */
export function listenAt(host: string, port: number): readonly string[] {
  if (IPV4.test(host) || host.includes(":")) return [formatAddress(host, port)];
  if (host === "localhost") return [host, ...LOOPBACK.map((address) => formatAddress(address, port))];
  return [host, ...PRIVATE_RANGES];
}

/** Whether a host is this machine's own, which no other machine can reach or listen to. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.[0-9]+){3}$/.test(host) || /^(::1|\[::1\])$/.test(host);
}

/** The host of a `host:port`; IPv6 in brackets. */
export function hostOf(target: string): string {
  return target.slice(0, target.lastIndexOf(":"));
}

const LOOPBACK = ["127.0.0.1", "::1"];

const IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;

/**
 * Where names lead in a container network or a cluster (RFC 1918), or on this machine. Deno accepts no IPv6 ranges,
 * so a name that has only IPv6 addresses can't be dialled.
 */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"];

/** What `--allow-net` must name for a `host:port` to be dialled: clients resolve a name and then dial its addresses. */
export function dial(target: string): readonly string[] {
  const host = hostOf(target);
  if (IPV4.test(host) || host.startsWith("[")) return [target];
  if (host === "localhost") return [host, "127.0.0.0/8", "[::1]"];
  return [host, ...PRIVATE_RANGES];
}

/**
 * What `--allow-net` must name for a Redis URL to be used. Sentinels and clusters announce servers that the URL may not
 * name: these may be on the hosts that it names, at any port, unless `?nodes=` lists them.
 */
export function dialRedis(url: string): readonly string[] {
  const target = parseRedisUrl(url);
  if (target === undefined) throw new TypeError("not the URL of a Redis");
  if (target.kind === "single") return dial(addressOf(target.address));
  const { addresses, nodes } = target;
  if (nodes === undefined) return addresses.flatMap(({ host }) => dialAnyPort(host));
  return [...addresses, ...nodes].flatMap((address) => dial(addressOf(address)));
}

function addressOf({ host, port }: RedisAddress): string {
  return `${host}:${port}`;
}

function dialAnyPort(host: string): readonly string[] {
  return IPV4.test(host) || host.startsWith("[") ? [host] : dial(addressOf({ host, port: 0 }));
}
