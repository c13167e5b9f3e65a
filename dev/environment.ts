import { formatAddress, StartError } from "@rocket/platform/core";
import { randomBytes } from "node:crypto";
import { parseEnv } from "node:util";
import type { Backing } from "./backing/backing.ts";
import { postgresVariable, REDIS_VARIABLE } from "./backing/named.ts";
import { type Door, DOORS } from "./services.ts";

declare module "node:util" {
  // The runtime has it (Node's documentation, util.parseEnv); its type declarations lag behind.
  export function parseEnv(content: string): Record<string, string>;
}

/** Environment variables, by name. */
export type Variables = Readonly<Record<string, string>>;

/** `.env` holds values that `deno run --env-file` would read differently; the message names each of them. */
export class AmbiguousDotEnv extends StartError {
  override readonly name = "AmbiguousDotEnv";
}

/**
 * Reads the environment that the services run in: the root `.env`, if there is one, overridden by the caller's shell.
 * Targets follow the doors that `.env` or the shell moves.
 *
 * @throws {AmbiguousDotEnv}
 */
export async function readEnvironment(
  root: URL,
  shell: Variables = Deno.env.toObject(),
): Promise<Variables> {
  return withTargets({ ...await readDotEnv(new URL(".env", root)), ...shell });
}

async function readDotEnv(file: URL): Promise<Variables> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
  const variables = parseEnv(text.replace(/^\uFEFF/, ""));
  refuseExpansions(text, variables);
  return variables;
}

/** Deno's `--env-file` expands `$name` unless the value is in single quotes: `pa$word` would become `pa`. */
function refuseExpansions(text: string, variables: Variables): void {
  const problems = Object.entries(variables)
    .filter(([name, value]) => value.includes("$") && !isSingleQuoted(text, name))
    .map(([name]) => `  ${name} has a $ outside single quotes: write ${name}='…'`);
  if (problems.length === 0) return;
  const why = "deno run --env-file would replace it by the value of a variable";
  throw new AmbiguousDotEnv(`.env is ambiguous, as ${why}:\n${problems.join("\n")}`);
}

function isSingleQuoted(text: string, name: string): boolean {
  const assignments = [...text.matchAll(new RegExp(`^\\uFEFF?\\s*(?:export\\s+)?${name}\\s*=\\s*(.)`, "gm"))];
  return assignments.at(-1)?.[1] === "'";
}

/**
 * Has callers dial services where they listen: on one machine a door that is moved takes its target along, unless the
 * target is set as well.
 */
export function withTargets(env: Variables): Variables {
  const targets = DOORS.flatMap((door) => {
    const address = dialledAddress(door, env);
    const isMoved = Boolean(env[door.hostVariable] || env[door.portVariable]);
    const isSet = door.targetVariable === undefined || Boolean(env[door.targetVariable]);
    return isSet || !isMoved || address === undefined ? [] : [[door.targetVariable, address]];
  });
  return { ...env, ...Object.fromEntries(targets) };
}

/** Addresses that accept connections on every interface, and can't be dialled themselves. */
const EVERY_INTERFACE = ["0.0.0.0", "::"];

/**
 * The address at which this machine dials a door under an environment; `undefined` if its variables are unusable: the
 * service that reads them says why.
 */
export function dialledAddress(
  { hostVariable, portVariable, defaultPort }: Door,
  env: Variables,
): string | undefined {
  const host = env[hostVariable] || "127.0.0.1";
  const port = env[portVariable] || String(defaultPort);
  if (!/^[A-Za-z0-9.:_-]+$/.test(host) || !/^[1-9][0-9]{0,4}$/.test(port)) return undefined;
  return formatAddress(EVERY_INTERFACE.includes(host) ? "127.0.0.1" : host, Number(port));
}

/** The scheme at which the HTTP doors are dialled under an environment. */
export function httpScheme(env: Variables): "http" | "https" {
  return env["HTTP_TLS_CERT"] ? "https" : "http";
}

/**
 * Names the doors on port 0: a service alone may let the system choose, but its callers must know the port.
 *
 * @returns One complaint per variable.
 */
export function refuseUnknownPorts(env: Variables): readonly string[] {
  return DOORS.map(({ portVariable }) => portVariable)
    .filter((name) => /^0+$/.test(env[name] ?? ""))
    .map((name) =>
      `${name} is "${env[name]}": must be a whole number from 1 to 65535 here, for callers to dial`
    );
}

/** Adds a new `SERVICE_TOKEN` of 256 random bits to an environment without one; an empty one counts as absent. */
export function withServiceToken(env: Variables): Variables {
  if (env["SERVICE_TOKEN_FILE"]) return env;
  const token = env["SERVICE_TOKEN"] || randomBytes(32).toString("base64url");
  return { ...env, SERVICE_TOKEN: token };
}

/** Has the services describe themselves to whoever asks, as a developer wants, unless the environment says otherwise. */
export function withDescriptions(env: Variables): Variables {
  const [reflection, docs] = [env["GRPC_REFLECTION"] || "on", env["HTTP_DOCS"] || "on"];
  return { ...env, GRPC_REFLECTION: reflection, HTTP_DOCS: docs };
}

/** Where the stores are. */
export type StoreUrls = Pick<Backing, "postgresUrls" | "redisUrl" | "kafkaVariables">;

/** Leads the services to their stores, unless the environment does, by a URL or by a file that holds one. */
export function withStores(env: Variables, { postgresUrls, redisUrl, kafkaVariables }: StoreUrls): Variables {
  const databases = Object.entries(postgresUrls).map(([name, url]) => [postgresVariable(name), url] as const);
  const stores = [
    ...databases,
    [REDIS_VARIABLE, redisUrl],
    ["ORDER_REDIS_URL", redisUrl],
    ...Object.entries(kafkaVariables),
  ] as const;
  const missing = stores.filter(([name]) => !env[name] && !env[`${name}_FILE`]);
  return { ...env, ...Object.fromEntries(missing) };
}
