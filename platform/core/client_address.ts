import { BlockList, isIP } from "node:net";

/** Who sent a request, as far as the connection and the request say. */
export interface Client {
  /** The IP address in canonical form, see {@linkcode parseIp}; `undefined` if the connection closed already. */
  readonly address: string | undefined;
  /** The `User-Agent` as it was sent; `undefined` if there was none. */
  readonly userAgent: string | undefined;
}

/** The proxies whose word about their clients' addresses is taken. */
export interface TrustedProxies {
  readonly isEmpty: boolean;
  /** @param address In canonical form. */
  has(address: string): boolean;
}

/** Trusts no proxy: the client is the one that opened the connection. */
export const NO_PROXIES: TrustedProxies = { isEmpty: true, has: () => false };

/**
 * Parses networks and single addresses, separated by commas, e.g. `10.0.0.0/8, fd00::/8, 192.0.2.7`.
 *
 * @returns `undefined` if one of them is not valid.
 */
export function parseProxies(text: string): TrustedProxies | undefined {
  const networks = text.split(",").map((network) => network.trim()).filter((network) => network !== "");
  if (networks.length === 0) return NO_PROXIES;
  const list = new BlockList();
  for (const network of networks) {
    const [ip = "", prefix, ...rest] = network.split("/");
    const longest = isIP(ip) === 4 ? 32 : 128;
    const length = prefix === undefined ? longest : Number(prefix);
    const isPrefix = prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && length <= longest);
    if (isIP(ip) === 0 || ip.includes("%") || !isPrefix || rest.length > 0) return undefined;
    list.addSubnet(ip, length, familyOf(ip));
  }
  return { isEmpty: false, has: (address) => list.check(address, familyOf(address)) };
}

/**
 * The address of the client behind the trusted proxies: the peer's or, if that is a trusted proxy, the last hop of
 * `X-Forwarded-For` that is not. Hops before that one can be made up by the client.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string | undefined {
  let address = parseIp(peer ?? "");
  for (const hop of forwardedFor?.split(",").reverse() ?? []) {
    if (address === undefined || !trusted.has(address)) break;
    const next = parseIp(withoutPort(hop.trim()));
    if (next === undefined) break;
    address = next;
  }
  return address;
}

/**
 * Brings an IP address into canonical form (RFC 5952), so that equal addresses are equal texts: an IPv4 address that is
 * mapped into IPv6 becomes IPv4, and the zone of a link-local one is left out.
 *
 * @returns `undefined` if the text is not an IP address.
 */
export function parseIp(text: string): string | undefined {
  const [ip = ""] = text.split("%");
  if (isIP(ip) === 0) return undefined;
  if (isIP(ip) === 4) return ip;
  const canonical = new URL(`http://[${ip}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bits = parseInt(high, 16) * 0x10000 + parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

/** Some proxies add the port to `X-Forwarded-For`: `192.0.2.7:1234`, `[2001:db8::1]:1234`. */
function withoutPort(hop: string): string {
  const [, v6, v4] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(hop) ?? [];
  return v6 ?? v4 ?? hop;
}

function familyOf(ip: string): "ipv4" | "ipv6" {
  return isIP(ip) === 4 ? "ipv4" : "ipv6";
}
