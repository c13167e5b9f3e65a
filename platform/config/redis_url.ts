/** Where the servers are that a Redis URL names, and how to log in. */
export type RedisTarget = SingleRedis | SentinelRedis | ClusterRedis;

/** One server: `redis://[user:password@]host:port[/database]`. */
export interface SingleRedis {
  readonly kind: "single";
  readonly url: string;
  readonly address: RedisAddress;
}

/** A master that Sentinels know: `redis+sentinel://[user:password@]host:port,host:port/name`. */
export interface SentinelRedis extends SeveralServers {
  readonly kind: "sentinel";
  /** The name of the master. */
  readonly name: string;
  /** How to log in to the Sentinels, which know nothing of the users of Redis. */
  readonly sentinelLogin: RedisLogin;
}

/** A cluster: `redis+cluster://[user:password@]host:port,host:port`. */
export interface ClusterRedis extends SeveralServers {
  readonly kind: "cluster";
}

interface SeveralServers {
  /** The Sentinels, or some nodes of the cluster. */
  readonly addresses: readonly RedisAddress[];
  /** The servers that these may announce; `undefined` if the URL does not restrict them. */
  readonly nodes: readonly RedisAddress[] | undefined;
  readonly login: RedisLogin;
  readonly tls: boolean;
}

/** Where one server listens. The host is a name or an address, IPv6 in brackets. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** A user and a password, decoded; `undefined` if the URL has none. */
export interface RedisLogin {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** The forms of the URL, for the person who writes it. */
export const REDIS_URL_FORMS =
  "redis://[user:password@]host:port[/database], redis+sentinel://[user:password@]host:port,host:port/name or " +
  "redis+cluster://[user:password@]host:port,host:port, with rediss instead of redis for TLS";

const SEVERAL =
  /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^/?#]*))?(?:\?([^#]*))?$/;

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/** Parses the URL of a single Redis, of Sentinels or of a cluster. @returns `undefined` if it has none of the forms. */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  const [, scheme, kind, userinfo = "", hosts = "", path = "", query = ""] = SEVERAL.exec(text) ?? [];
  if (kind === undefined) return parseSingle(text);
  const tls = scheme === "rediss";
  const login = parseLogin(userinfo);
  const options = new URLSearchParams(query);
  const nodes = options.has("nodes") ? parseAddresses(options.get("nodes") ?? "", REDIS_PORT) : undefined;
  if (login === undefined || (options.has("nodes") && nodes === undefined)) return undefined;
  if (kind === "cluster") {
    const addresses = parseAddresses(hosts, REDIS_PORT);
    if (addresses === undefined || path !== "" || !hasOnly(options, ["nodes"])) return undefined;
    return { kind, addresses, nodes, login, tls };
  }
  const addresses = parseAddresses(hosts, SENTINEL_PORT);
  const name = decode(path);
  if (addresses === undefined || !name || !hasOnly(options, ["nodes", "sentinelUser", "sentinelPassword"])) {
    return undefined;
  }
  const [username, password] = ["sentinelUser", "sentinelPassword"].map((key) =>
    options.get(key) || undefined
  );
  return { kind: "sentinel", addresses, nodes, name, login, sentinelLogin: { username, password }, tls };
}

function parseSingle(url: string): SingleRedis | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, password, hostname, port, pathname } = new URL(url);
  const isOne = /^rediss?:$/.test(protocol) && hostname !== "" && /^(?:\/\d*)?$/.test(pathname);
  // The library decodes these, and throws if it can't.
  if (!isOne || decode(username + password + pathname) === undefined) return undefined;
  return { kind: "single", url, address: { host: hostname, port: Number(port || REDIS_PORT) } };
}

function parseLogin(userinfo: string): RedisLogin | undefined {
  const [, user = "", pass = ""] = /^([^:]*):?(.*)$/.exec(userinfo) ?? [];
  const [username, password] = [decode(user), decode(pass)];
  if (username === undefined || password === undefined) return undefined;
  return { username: username || undefined, password: password || undefined };
}

function parseAddresses(list: string, defaultPort: number): readonly RedisAddress[] | undefined {
  const addresses = list.split(",").flatMap((text) => {
    if (!/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/.test(text)) return [];
    if (!URL.canParse(`redis://${text}`)) return [];
    const { hostname, port } = new URL(`redis://${text}`);
    return port === "0" ? [] : [{ host: hostname, port: Number(port || defaultPort) }];
  });
  return addresses.length === list.split(",").length ? addresses : undefined;
}

function hasOnly(options: URLSearchParams, names: readonly string[]): boolean {
  return [...options.keys()].every((name) => names.includes(name));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
