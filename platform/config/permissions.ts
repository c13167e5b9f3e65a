import { fileURLToPath } from "node:url";
import { formatAddress } from "../core/address.ts";

/** What a service needs of the machine, by name. */
export interface Needs {
  /** Where it listens. */
  readonly listen: readonly Address[];
  /** Whom it dials, as `host:port`. */
  readonly dial: readonly string[];
  /** The environment variables it reads. */
  readonly environment: readonly string[];
  /** Files and folders it reads, as `file:` URLs. */
  readonly read: readonly string[];
  /** Folders of native libraries it loads, as `file:` URLs. */
  readonly nativeLibraries?: readonly string[];
}

/** grpc-health-check and @grpc/reflection read their contracts from their own packages at start. */
const LIBRARY_CONTRACTS = [
  new URL("../../proto/", import.meta.resolve("grpc-health-check")).href,
  new URL("../proto/", import.meta.resolve("@grpc/reflection")).href,
];

/** A host and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Derives the Deno flags for a service: all that it needs, nothing else.
 *
 * A variable outside the list reads as absent rather than ending the process: libraries look for many.
 */
export function denoFlags(
  { listen, dial, environment, read, nativeLibraries = [] }: Needs,
): readonly string[] {
  const net = [...listen.map(({ host, port }) => formatAddress(host, port)), ...dial.flatMap(reach)];
  // A comma within a path is written as two.
  const paths = (urls: readonly string[]) =>
    urls.map((url) => fileURLToPath(url).replaceAll(",", ",,")).join(",");
  return [
    "--no-prompt",
    `--allow-net=${[...new Set(net)].join(",")}`,
    "--ignore-env",
    `--allow-env=${environment.join(",")}`,
    `--allow-read=${paths([...LIBRARY_CONTRACTS, ...read])}`,
    // pino puts the host name into its defaults when it is loaded; node:fs asks for the user to check access.
    "--allow-sys=hostname,uid",
    ...(nativeLibraries.length > 0 ? [`--allow-ffi=${paths(nativeLibraries)}`] : []),
  ];
}

const IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;

/**
 * Where a name inside a container network or a cluster leads (RFC 1918), or one of this machine's own. Of IPv6
 * Deno takes no ranges, so a name that leads to IPv6 addresses only can't be dialled.
 */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"];

/** grpc-js resolves a name first and then dials the addresses found: both must be allowed. */
function reach(target: string): readonly string[] {
  const host = target.slice(0, target.lastIndexOf(":"));
  if (IPV4.test(host) || host.startsWith("[")) return [target];
  if (host === "localhost") return [host, "127.0.0.0/8", "[::1]"];
  return [host, ...PRIVATE_RANGES];
}
