import { StartError } from "@rocket/platform/core";
import type { Logger, LogOutput } from "@rocket/platform/log";
import type { Variables } from "../environment.ts";
import { SERVICE_NAMES, type ServiceName } from "../services.ts";
import { pickVariables } from "./configuration.ts";
import { keepRunning, type KeptService } from "./keep_running.ts";
import { forwardLines } from "./log.ts";
import { startServiceProcess } from "./service_process.ts";

/** What the services run with. */
export interface ServicesOptions {
  /** The root of the workspace. */
  readonly root: URL;
  readonly env: Variables;
  /** The one log. */
  readonly lines: LogOutput;
  /** The supervisor's own. */
  readonly log: Logger;
}

/** All services, each in a process of its own; disposing stops them cleanly, callers first. */
export interface RunningServices extends AsyncDisposable {
  /** Their addresses, once all are ready. Rejects with `CannotStart` naming the first that could not start. */
  readonly ready: Promise<ReadonlyMap<ServiceName, string>>;
  /** Starts some of them again with the code as it is now. */
  restart(names: readonly ServiceName[]): void;
  /** Ends their processes at once. */
  kill(): void;
}

/** Starts all services at once, and keeps them running. */
export function startServices({ root, env, lines, log }: ServicesOptions): RunningServices {
  const services = new Map(SERVICE_NAMES.map((name) => {
    const process = { name, root, env, lines };
    return [name, keepRunning({ name, start: () => startServiceProcess(process), lines, log })];
  }));
  return {
    ready: addressesOf(services),
    restart: (names) => names.forEach((name) => services.get(name)?.restart()),
    kill: () => services.forEach((service) => service.kill()),
    async [Symbol.asyncDispose]() {
      // Callers before those that they call, so that none of them calls a service that has stopped.
      for (const service of [...services.values()].reverse()) await service.stop();
    },
  };
}

/** Resolves once all have been ready. */
async function addressesOf(
  services: ReadonlyMap<ServiceName, KeptService>,
): Promise<ReadonlyMap<ServiceName, string>> {
  const ready = [...services].map(async ([name, { firstReady }]) => [name, await firstReady] as const);
  return new Map(await Promise.all(ready));
}

/** Inventory could not be filled; the message is the seed's output. */
export class SeedFailed extends StartError {
  override readonly name = "SeedFailed";
}

/**
 * Fills inventory with the parts that the examples use, unless it has them.
 *
 * @throws {SeedFailed}
 */
export async function seedInventory(root: URL, env: Variables, lines: LogOutput): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "inventory:seed"],
    cwd: root,
    clearEnv: true,
    env: {
      ...pickVariables(["INVENTORY_POSTGRES_URL", "INVENTORY_POSTGRES_URL_FILE", "LOG_LEVEL"], env),
      LOG_FORMAT: "json",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const words: string[] = [];
  const listener = { onOther: (line: string) => void words.push(line) };
  await Promise.all([child.stdout, child.stderr].map((s) => forwardLines("inventory", s, lines, listener)));
  const { success } = await child.status;
  if (!success) throw new SeedFailed(`inventory could not be filled with parts: ${words.join("\n")}`);
}
