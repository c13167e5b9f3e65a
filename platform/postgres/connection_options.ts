import { isIP } from "node:net";
import type { Options, PostgresType } from "postgres";

/** Settings that PgBouncer tracks per client, and so accepts at the start of a connection. */
const TRACKED_BY_POOLERS = {
  DateStyle: "ISO, MDY",
  TimeZone: "UTC",
  standard_conforming_strings: "on",
};

/**
 * Settings that our SQL and the library's parsers rely on. With other defaults of the server, the database or the role,
 * dates could not be parsed, tables would not be found, and transactions could fail to serialize.
 */
const PINNED = {
  ...TRACKED_BY_POOLERS,
  IntervalStyle: "postgres",
  bytea_output: "hex",
  search_path: '"$user", public',
  default_transaction_isolation: "read committed",
};

/**
 * Options of every connection: pins settings, drops notices, supports an IPv6 address in the URL, and has
 * `sslmode=verify-full` check the certificate for an address.
 *
 * Behind a transaction pooler (`?prepare=false`) only the settings that PgBouncer tracks are sent, as it refuses
 * connections that send others. The URL may override a setting: `?search_path=iam`.
 */
export function connectionOptions(
  url: string,
  settings: Readonly<Record<string, string | number>> = {},
): Options<Record<string, PostgresType>> {
  const { hostname, port, searchParams } = new URL(url);
  const isPooled = searchParams.get("prepare") === "false";
  const options: Options<Record<string, PostgresType>> = {
    onnotice: () => {},
    connection: isPooled ? TRACKED_BY_POOLERS : { ...PINNED, ...settings },
  };
  const [, ipv6] = /^\[(.+)\]$/.exec(hostname) ?? [];
  const address = ipv6 ?? hostname;
  if (isIP(address) !== 0 && searchParams.get("sslmode")?.startsWith("verify-")) {
    // For an address the library would check that the certificate is for `localhost`.
    options.ssl = { host: address };
  }
  if (ipv6 === undefined) return options;
  // The library takes lists, which it does not split at the colons of an address; only its types say otherwise.
  return { ...options, host: [ipv6] as unknown as string, port: [port || "5432"] as unknown as number };
}
