import { parseProxies, type TrustedProxies } from "../core/client_address.ts";
import type { RatePolicy } from "../core/rate_limit.ts";
import { dial, dialRedis, hostOf, isLoopback, listenAt, storeTarget } from "./net.ts";
import { parseRedisUrl, REDIS_URL_FORMS } from "./redis_url.ts";

/** Gives the value of another variable of the same service. */
export type ValueOf = (other: AnyVariable) => unknown;

/** How an environment variable is read: its name, its rule and its default. */
export interface Variable<T> extends VariableRule<T> {
  readonly secret: false;
}

/** A variable whose value is never shown. It may come from a file instead, which the variable `NAME_FILE` names. */
export interface SecretVariable<T> extends VariableRule<T> {
  readonly secret: true;
}

/** A variable of any kind, whatever its value. */
export type AnyVariable = Variable<unknown> | SecretVariable<unknown>;

interface VariableRule<T> {
  readonly name: string;
  /** The rule in words, for the person who sets the variable. */
  readonly rule: string;
  /** The default, as text; absent if the variable is required. */
  readonly fallback?: string;
  /** @returns `undefined` if the text breaks the rule. */
  readonly parse: (text: string) => T | undefined;
  /**
   * What `--allow-net` must name for the value to be used; absent if the value is not an address.
   *
   * A method, like those below, because a property of this type would make variables of different types incompatible.
   */
  net?(value: T, valueOf: ValueOf): readonly string[];
  /** What `--allow-read` must name for the value to be used, as paths; absent if the value is not a path. */
  read?(value: T): readonly string[];
  /** What `--allow-write` must name for the value to be used, as paths; absent if nothing is written there. */
  write?(value: T): readonly string[];
  /**
   * What the value must be besides, in view of the other variables and of this machine, in words; `undefined` if it is
   * right.
   */
  check?(value: T, valueOf: ValueOf): string | undefined;
  /**
   * Whether the value makes the service speak without TLS beyond this machine.
   *
   * @returns The variables that prevent it, in words; `undefined` if it does not.
   */
  plaintextWithout?(value: T, valueOf: ValueOf): string | undefined;
}

/** The variables that give a door or a client TLS. */
export type TlsVariables = Readonly<Record<"cert" | "key", Variable<string | null>>>;

/**
 * The host that a door listens on: a name or an address, without a port.
 *
 * @param tls What protects the door.
 */
export function host(name: string, fallback: string, tls: TlsVariables): Variable<string> {
  const parse = (text: string) => /^[A-Za-z0-9.:_-]{1,253}$/.test(text) ? text : undefined;
  const rule = "a host name or IP address";
  return { name, fallback, secret: false, rule, parse, plaintextWithout: plaintextWithout(tls) };
}

function plaintextWithout({ cert, key }: TlsVariables) {
  return (host: string, valueOf: ValueOf) =>
    isLoopback(host) || valueOf(cert) !== null ? undefined : `${cert.name} and ${key.name}`;
}

/**
 * A TCP port; 0 asks the system for a free one.
 *
 * @param at The host to listen at; absent for a port that is only dialled.
 */
export function port(name: string, fallback: number, at?: Variable<string>): Variable<number> {
  const variable = integer(name, fallback, { min: 0, max: 65_535 });
  if (at === undefined) return variable;
  return { ...variable, net: (port, valueOf) => listenAt(String(valueOf(at)), port) };
}

/**
 * Where a gRPC service is dialled: `host:port`.
 *
 * @param tls What protects the calls.
 */
export function target(name: string, fallback: string, tls: TlsVariables): Variable<string> {
  const parse = (text: string) => {
    const match = /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})$/.exec(text);
    return match !== null && Number(match[2]) >= 1 && Number(match[2]) <= 65_535 ? text : undefined;
  };
  const leak = plaintextWithout(tls);
  return {
    name,
    fallback,
    secret: false,
    rule: "host:port",
    parse,
    net: dial,
    plaintextWithout: (target, valueOf) => leak(hostOf(target), valueOf),
  };
}

/** A whole number within inclusive bounds. */
export function integer(
  name: string,
  fallback: number,
  { min, max }: { readonly min: number; readonly max: number },
): Variable<number> {
  const parse = (text: string) => {
    const value = Number(text);
    return /^[0-9]+$/.test(text) && value >= min && value <= max ? value : undefined;
  };
  return {
    name,
    fallback: String(fallback),
    secret: false,
    rule: `a whole number from ${min} to ${max}`,
    parse,
  };
}

const MS_BY_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A length of time, read into milliseconds: `500ms`, `10s`, `30m`, `24h`, `7d`.
 *
 * @param longest The longest allowed, in the same notation. A timer must end within 24 days; a longer one fires at once.
 * @param shortestMs 0 if there may be no time at all.
 */
export function duration(
  name: string,
  fallback: string,
  longest = "365d",
  shortestMs: 0 | 1 = 1,
): Variable<number> {
  const longestMs = parseDuration(longest) ?? NaN;
  const parse = (text: string) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= shortestMs && ms <= longestMs ? ms : undefined;
  };
  const rule = `a length of time${
    shortestMs === 1 ? " above zero" : ""
  }, ${longest} at most: a whole number and ms, s, m, h or d, e.g. 24h`;
  return { name, fallback, secret: false, rule, parse };
}

const DAY_MS = 86_400_000;

function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^([0-9]{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * (MS_BY_UNIT[unit] ?? NaN);
}

/** A number of requests in a length of time, e.g. `60/1m`. */
export function rate(name: string, fallback: string): Variable<Pick<RatePolicy, "requests" | "windowMs">> {
  const parse = (text: string) => {
    const [, amount, window] = /^([0-9]{1,9})\/(\S+)$/.exec(text) ?? [];
    const requests = Number(amount);
    const windowMs = window === undefined ? undefined : parseDuration(window);
    const isRate = requests >= 1 && windowMs !== undefined && windowMs >= 1 && windowMs <= DAY_MS;
    return isRate ? { requests, windowMs } : undefined;
  };
  const rule = "a number of requests, 1 at least, a slash and a length of time, 1d at most, e.g. 60/1m";
  return { name, fallback, secret: false, rule, parse };
}

/** A variable that may be absent, and is `null` then. */
export function optional<T>(variable: Variable<T>): Variable<T | null>;
export function optional<T>(variable: SecretVariable<T>): SecretVariable<T | null>;
export function optional<T>(
  variable: Variable<T> | SecretVariable<T>,
): Variable<T | null> | SecretVariable<T | null> {
  return {
    ...variable,
    fallback: "",
    parse: (text) => text === "" ? null : variable.parse(text),
    net: (value, valueOf) => value === null ? [] : variable.net?.(value, valueOf) ?? [],
    read: (value) => value === null ? [] : variable.read?.(value) ?? [],
    check: (value, valueOf) => value === null ? undefined : variable.check?.(value, valueOf),
    plaintextWithout: (value, valueOf) =>
      value === null ? undefined : variable.plaintextWithout?.(value, valueOf),
  };
}

/** Web origins, separated by commas; none by default. `*` is not an origin: each must be listed. */
export function origins(name: string): Variable<readonly string[]> {
  const parse = (text: string) => {
    const listed = text.split(",").map((origin) => origin.trim()).filter((origin) => origin !== "");
    return listed.every(isWebOrigin) ? listed : undefined;
  };
  const rule = "web origins, separated by commas, each scheme://host[:port], e.g. https://shop.example.com";
  return { name, fallback: "", secret: false, rule, parse };
}

/** The URL of an HTTP service, without a slash at its end. On this machine it may do without TLS. */
export function httpUrl(name: string, fallback?: string): Variable<string> {
  const parse = (text: string) => {
    if (!URL.canParse(text)) return undefined;
    const { protocol, hostname, username, password, search, hash } = new URL(text);
    const isSafe = protocol === "https:" || protocol === "http:" && LOOPBACK_HOSTS.includes(hostname);
    return isSafe && username + password + search + hash === "" ? text.replace(/\/+$/, "") : undefined;
  };
  const net = (value: string) => {
    const { protocol, hostname, port } = new URL(value);
    return [`${hostname}:${port || (protocol === "https:" ? 443 : 80)}`];
  };
  const rule = "an https URL without user and query, or an http URL of this machine";
  return { name, ...(fallback !== undefined && { fallback }), secret: false, rule, parse, net };
}

const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Proxies whose `X-Forwarded-For` is believed: networks and addresses, separated by commas; none by default. */
export function proxies(name: string): Variable<TrustedProxies> {
  const rule = "networks and IP addresses, separated by commas, e.g. 10.0.0.0/8, fd00::/8";
  return { name, fallback: "", secret: false, rule, parse: parseProxies };
}

/** Whether a browser would send the text as `Origin`: in its canonical form, without a path (RFC 6454, 6.2). */
function isWebOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** The path of a folder that the service writes files into, and makes if it is missing. */
export function folder(name: string, fallback: string): Variable<string> {
  const parse = (text: string) => text === "" || text.includes("\0") ? undefined : text;
  const at = (path: string) => [path];
  return { name, fallback, secret: false, rule: "the path of a folder", parse, read: at, write: at };
}

/** A secret word that is sent to a service of another party. */
export function secretWord(name: string): SecretVariable<string> {
  const parse = (text: string) => /^[\x21-\x7e]{1,512}$/.test(text) ? text : undefined;
  return { name, secret: true, rule: "1 to 512 characters of ASCII, no spaces", parse };
}

/** One of a few words. */
export function oneOf<const Word extends string>(
  name: string,
  fallback: Word,
  words: readonly Word[],
): Variable<Word> {
  const parse = (text: string) => words.find((word) => word === text);
  return { name, fallback, secret: false, rule: `one of ${words.join(", ")}`, parse };
}

/** The URL of a PostgreSQL database. A secret, as it holds a password. */
export function postgresUrl(name: string): SecretVariable<string> {
  const form = "postgres://user:password@host:port/database";
  const variable = url(name, /^postgres(?:ql)?:$/, /^\/[^/]+$/, form);
  return { ...variable, net: (value) => dial(storeTarget(value, 5432)) };
}

/** The URL of a Redis server, of Sentinels or of a cluster. A secret, as it may hold a password. */
export function redisUrl(name: string): SecretVariable<string> {
  const parse = (text: string) => parseRedisUrl(text) && text;
  const rule = `a URL of the form ${REDIS_URL_FORMS}`;
  return { name, secret: true, rule, parse, net: dialRedis };
}

function url(name: string, protocol: RegExp, path: RegExp, form: string): SecretVariable<string> {
  const parse = (text: string) => {
    if (!URL.canParse(text)) return undefined;
    const { protocol: spoken, hostname, username, password, pathname } = new URL(text);
    const isOne = protocol.test(spoken) && hostname !== "" && path.test(pathname) &&
      isPercentEncoded(username + password + pathname);
    return isOne ? text : undefined;
  };
  return { name, secret: true, rule: `a URL of the form ${form}`, parse };
}

/** The clients decode what the URL parser leaves as it is, and throw where it can't be. */
function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
