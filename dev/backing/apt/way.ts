import { join } from "node:path";
import type { ServerName } from "../backing.ts";
import { CommandFailed, WayUnavailable } from "../errors.ts";
import { exists } from "../exists.ts";
import { lockFile } from "../file_lock.ts";
import { findPrograms } from "../local/programs.ts";
import { lastLines } from "../local/run.ts";
import { localWay } from "../local/way.ts";
import type { Way } from "../way.ts";
import { withoutServices } from "./without_services.ts";

const CACHE = "/var/cache/rocket-factory";
const PACKAGES: Readonly<Record<ServerName, string>> = { postgres: "postgresql", redis: "redis-server" };

/** Debian's or Ubuntu's own packages of what is missing, installed when we are root; then as local programs. */
export const aptWay: Way = {
  name: "apt",
  async start(order) {
    if (Deno.uid() !== 0) throw new WayUnavailable("we are not root");
    if (!await exists("/etc/debian_version")) {
      throw new WayUnavailable("this is neither Debian nor Ubuntu");
    }
    await installMissing(order.needs, order.env["PATH"], order.say);
    return await localWay.start(order);
  },
};

async function installMissing(
  needs: ReadonlySet<ServerName>,
  path: string | undefined,
  say: (line: string) => void,
): Promise<void> {
  await Deno.mkdir(CACHE, { recursive: true });
  // Suites that start at once wait here for the first of them, and then find everything in place.
  await using _lock = await lockFile(join(CACHE, "apt.lock"));
  const programs = await findPrograms(path);
  const packages = [...needs].filter((name) => !programs[name]).map((name) => PACKAGES[name]);
  if (packages.length === 0) return;
  say(`installing ${packages.join(" and ")} by apt-get, once for this machine, without starting any service`);
  await using _guard = await withoutServices();
  // What can't be brought up to date may still be good enough to install from.
  await system("apt-get", "update").catch((error: unknown) => say(String(error)));
  await system("apt-get", "install", "--yes", "--no-install-recommends", ...packages).catch(asUnavailable);
  // Else the machine's next start would bring it up on its standard port; Postgres has no cluster to bring up.
  if (packages.includes(PACKAGES.redis)) await system("update-rc.d", PACKAGES.redis, "disable");
}

/** Runs one of the system's own commands, in our own environment: it may name a proxy. */
async function system(command: string, ...args: readonly string[]): Promise<void> {
  const waiting = command === "apt-get" ? ["-o", "DPkg::Lock::Timeout=300"] : [];
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...waiting, ...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
  }).output();
  if (success) return;
  // What dpkg complains of is on either.
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  throw new CommandFailed(`${command} ${args.join(" ")} failed: ${lastLines(output)}`);
}

function asUnavailable(error: unknown): never {
  if (error instanceof CommandFailed) throw new WayUnavailable(error.message);
  throw error;
}
