import { fileURLToPath } from "node:url";
import { readConfig, valuesOf, type Variables } from "./config.ts";
import { type Environment, fileVariable, InvalidConfig } from "./read_variable.ts";

/** The files a service reads besides its own modules, as `file:` URLs. */
export interface Files {
  /** The folder of its migrations. */
  readonly migrations?: string;
  /** Other files and folders. */
  readonly read?: readonly string[];
  /** Folders of the native libraries that it loads. */
  readonly nativeLibraries?: readonly string[];
}

/** grpc-health-check and @grpc/reflection read their contracts from their own packages at start. */
const LIBRARY_CONTRACTS = [
  new URL("../../proto/", import.meta.resolve("grpc-health-check")).href,
  new URL("../proto/", import.meta.resolve("@grpc/reflection")).href,
];

/**
 * The most that a service's heap may hold, in MiB: some four times what it needs under attack. By default the limit
 * follows from the machine's memory, and V8 lets garbage grow to a multiple of what is in use before it collects it: a
 * flood of refused calls took IAM from 150 to 600 MiB, and takes it to 270 with this limit.
 */
const HEAP_LIMIT = "--v8-flags=--max-old-space-size=512";

/**
 * Derives the Deno flags of a service from the kinds of its variables, from their values in an environment and from the
 * files it reads: everything it needs, and nothing else. Modules come from Deno's cache only; `deno ci` fills it.
 *
 * Libraries look for many variables; those outside the list read as absent instead of ending the process.
 *
 * @throws {InvalidConfig} if the environment lacks a variable or has an invalid one.
 */
export function denoFlags(
  variables: Variables,
  environment: Environment,
  { migrations, read = [], nativeLibraries = [] }: Files = {},
): readonly string[] {
  const config: Readonly<Record<string, unknown>> = readConfig(variables, environment);
  const entries = Object.entries(variables);
  const valueOf = valuesOf(variables, config);
  const net = entries.flatMap(([, variable]) => variable.net?.(valueOf(variable), valueOf) ?? []);
  const secrets = entries.flatMap(([, variable]) => variable.secret ? [fileVariable(variable)] : []);
  const files = [...LIBRARY_CONTRACTS, ...(migrations === undefined ? [] : [migrations]), ...read];
  const namedFiles = entries.flatMap(([, variable]) => variable.read?.(valueOf(variable)) ?? []);
  const written = entries.flatMap(([, variable]) => variable.write?.(valueOf(variable)) ?? []);
  const secretFiles = secrets.flatMap((name) => environment(name) || []);
  return [
    "--no-prompt",
    HEAP_LIMIT,
    // Injected code must not load modules: without these two, it could download any npm package.
    "--cached-only",
    "--deny-import",
    `--allow-net=${[...new Set(net)].join(",")}`,
    "--ignore-env",
    `--allow-env=${[...entries.map(([, { name }]) => name), ...secrets].join(",")}`,
    `--allow-read=${joinPaths([...files.map((url) => fileURLToPath(url)), ...namedFiles, ...secretFiles])}`,
    ...(written.length > 0 ? [`--allow-write=${joinPaths(written)}`] : []),
    // pino reads the host name when it is loaded; node:fs reads the user to check access.
    "--allow-sys=hostname,uid",
    ...(nativeLibraries.length > 0
      ? [`--allow-ffi=${joinPaths(nativeLibraries.map((url) => fileURLToPath(url)))}`]
      : []),
  ];
}

/** A comma within a path is written as two. */
function joinPaths(paths: readonly string[]): string {
  return paths.map((path) => path.replaceAll(",", ",,")).join(",");
}

/**
 * Prints the Deno flags of a service under the present environment, one a line: what a service's `config.ts` does when
 * it is run as a program. An unusable configuration is reported on stderr, with exit code 1.
 */
export function printDenoFlags(variables: Variables, files: Files = {}): void {
  try {
    const flags = denoFlags(variables, (name) => Deno.env.get(name), files);
    Deno.stdout.writeSync(new TextEncoder().encode(`${flags.join("\n")}\n`));
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    Deno.stderr.writeSync(new TextEncoder().encode(`${error.message}\n`));
    Deno.exit(1);
  }
}
