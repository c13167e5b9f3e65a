import { dirname } from "node:path";
import type { Environment } from "./backing.ts";
import { bringJars, jarsFolder, KAFKA_VERSION } from "./kafka/jars.ts";
import type { StoreOrder, Way } from "./way.ts";
import { WayUnavailable } from "./errors.ts";
import { exists, lockFile } from "./files.ts";
import { lastLines } from "./local/account.ts";
import { findPrograms } from "./local/programs.ts";
import { localWay } from "./local/way.ts";
import { STORES } from "./stores.ts";

/** Installs the missing programs from Debian's or Ubuntu's packages, as root; then as local programs. */
export const aptWay: Way = {
  name: "apt",
  async start(order) {
    if (Deno.uid() !== 0) throw new WayUnavailable("we are not root");
    if (!await exists("/etc/debian_version")) {
      throw new WayUnavailable("this is neither Debian nor Ubuntu");
    }
    await installMissing(order);
    return await localWay.start(order);
  },
};

async function installMissing({ needs, env, say }: StoreOrder): Promise<void> {
  // Suites that start at the same time wait here for the first of them, and then find everything installed.
  using _lock = await lockFile("/var/cache/rocket-factory-apt.lock");
  const programs = await findPrograms(env);
  const missing = [...needs].filter((name) => typeof programs[name] === "string");
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => STORES[name].packages);
  say(`installing ${packages.join(", ")} by apt-get, once for this machine, without starting any service`);
  await using _guard = await withoutServices();
  // Package lists that can't be updated may still be good enough to install from.
  await system("apt-get", "update").catch((error: unknown) => say(String(error)));
  await system("apt-get", "install", "--yes", "--no-install-recommends", ...packages);
  // Or the machine's next boot would start it on its standard port; Postgres has no cluster to start.
  if (missing.includes("redis")) await system("update-rc.d", "redis-server", "disable");
  if (missing.includes("kafka")) await bringKafka(env, say);
}

async function bringKafka(env: Environment, say: StoreOrder["say"]): Promise<void> {
  const folder = jarsFolder(env);
  if (env["KAFKA_HOME"] || await exists(folder)) return;
  say(`bringing Kafka ${KAFKA_VERSION} by Maven into ${folder}, once for this machine`);
  await bringJars(folder, (...args) => system("mvn", ...args));
}

/**
 * Runs a command of the system with our own environment, which may name a proxy.
 *
 * @throws {WayUnavailable} with the end of its output, when it fails
 */
async function system(command: string, ...args: readonly string[]): Promise<void> {
  const options = command === "apt-get" ? ["-o", "DPkg::Lock::Timeout=300"] : [];
  // What the packages' scripts make must be as open as they expect, whatever our umask.
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'umask 022; exec "$0" "$@"', command, ...options, ...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
  }).output();
  if (success) return;
  // dpkg complains on either.
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  throw new WayUnavailable(`${command} ${args.join(" ")} failed: ${lastLines(output)}`);
}

/** The files that keep Debian's packages from starting anything while they are installed. */
export interface GuardFiles {
  readonly policy: string;
  readonly cluster: string;
}

const DEBIAN: GuardFiles = {
  policy: "/usr/sbin/policy-rc.d",
  cluster: "/etc/postgresql-common/createcluster.d/rocket-factory.conf",
};

// 101 is "action not allowed" to invoke-rc.d and deb-systemd-invoke.
const POLICY =
  "#!/bin/sh\n# Rocket Factory installs programs, not services. Removed when it is done.\nexit 101\n";

/**
 * Until disposed, packages that are installed start no service and make no Postgres cluster; then the machine's own
 * policy is restored. If a run is killed before that, the next one restores it.
 */
export async function withoutServices(files: GuardFiles = DEBIAN): Promise<AsyncDisposable> {
  const saved = `${files.policy}.before-rocket-factory`;
  // A policy of ours, left by a killed run, is not the machine's.
  const isMachines = await exists(files.policy) && await Deno.readTextFile(files.policy) !== POLICY;
  if (isMachines) await Deno.rename(files.policy, saved);
  await Deno.writeTextFile(files.policy, POLICY, { mode: 0o755 });
  await Deno.mkdir(dirname(files.cluster), { recursive: true });
  await Deno.writeTextFile(files.cluster, "create_main_cluster = false\n");
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(files.cluster);
      await Deno.remove(files.policy);
      if (await exists(saved)) await Deno.rename(saved, files.policy);
    },
  };
}
