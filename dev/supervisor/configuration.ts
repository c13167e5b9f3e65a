import { StartError } from "@rocket/platform/core";
import { stripVTControlCharacters } from "node:util";
import { refuseUnknownPorts, type StoreUrls, type Variables, withStores } from "../environment.ts";
import { DATABASES, SERVICE_NAMES, type ServiceName } from "../services.ts";

/** A service's configuration is not usable; the message is the service's own. */
export class UnusableConfig extends StartError {
  override readonly name = "UnusableConfig";
}

/**
 * Asks a service which Deno permissions it needs under an environment.
 *
 * @throws {UnusableConfig} with the message that names every bad variable.
 */
export async function permissionFlags(
  service: ServiceName,
  root: URL,
  env: Variables,
): Promise<readonly string[]> {
  const program = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-env",
      "--allow-read",
      "--allow-sys=hostname,uid",
      `${service}/config.ts`,
    ],
    cwd: root,
    env: { ...env },
    stdin: "null",
    // Out of reach of the terminal's Ctrl-C: an answer that is cut short would look like a bad configuration.
    detached: true,
  });
  const { success, stdout, stderr } = await program.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new UnusableConfig(stripVTControlCharacters(text(stderr)));
  return text(stdout).split("\n");
}

/** What Deno itself reads: where its cache and libraries are, whom it trusts, time zone, colours. */
const RUNTIME_VARIABLES = [
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "LD_LIBRARY_PATH",
  "DENO_DIR",
  "HOME",
  "LANG",
  "NO_COLOR",
  "PATH",
  "TMPDIR",
  "TZ",
  "XDG_CACHE_HOME",
];

/**
 * Picks the variables that a service may read, so that no other service's secrets stand in its process's environment.
 *
 * @param flags The service's, from {@linkcode permissionFlags}.
 */
export function ownVariables(flags: readonly string[], env: Variables): Variables {
  const allowed = flags.find((flag) => flag.startsWith(ALLOW_ENV))?.slice(ALLOW_ENV.length).split(",") ?? [];
  return pickVariables(allowed, env);
}

/** Picks the variables of these names that are set, and those of the runtime. */
export function pickVariables(names: readonly string[], env: Variables): Variables {
  const picked = new Set([...names, ...RUNTIME_VARIABLES]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => picked.has(name)));
}

const ALLOW_ENV = "--allow-env=";

/** Stand for the stores, which are not started yet. */
const PLACEHOLDERS: StoreUrls = {
  postgresUrls: Object.fromEntries(DATABASES.map((name) => [name, `postgres://127.0.0.1/${name}`])),
  redisUrl: "redis://127.0.0.1",
  kafkaVariables: { KAFKA_BROKERS: "127.0.0.1:9092" },
};

/** How the services begin such a message. */
const HEADLINE = "the configuration is not usable:";

/**
 * Asks every service whether it could run under an environment, before anything is started.
 *
 * @throws {UnusableConfig} once for all of them, with each bad variable named once.
 */
export async function checkConfiguration(root: URL, env: Variables): Promise<void> {
  const answers = await Promise.allSettled(
    SERVICE_NAMES.map((name) => permissionFlags(name, root, withStores(env, PLACEHOLDERS))),
  );
  // Services share variables, and so they repeat complaints.
  const complaints = new Set(refuseUnknownPorts(env).map((line) => `  ${line}`));
  for (const answer of answers) {
    if (answer.status === "fulfilled") continue;
    if (!(answer.reason instanceof UnusableConfig)) throw answer.reason;
    for (const line of answer.reason.message.split("\n")) if (line !== HEADLINE) complaints.add(line);
  }
  if (complaints.size > 0) throw new UnusableConfig([HEADLINE, ...complaints].join("\n"));
}
