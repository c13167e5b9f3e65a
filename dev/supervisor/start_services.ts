import type { Logger, LogOutput } from "@rocket/platform/log";
import type { Variables } from "./environment.ts";
import { keepRunning, type KeptService } from "./keep_running.ts";
import { SERVICE_NAMES, type ServiceName } from "./services.ts";
import { startServiceProcess } from "./service_process.ts";

/** Where and how the services run. */
export interface ServicesOptions {
  /** The root of the workspace. */
  readonly root: URL;
  readonly env: Variables;
  /** The one log. */
  readonly lines: LogOutput;
  /** For what the supervisor itself has to say. */
  readonly log: Logger;
}

/** All services, each in a process of its own; disposing stops them in good order. */
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
      // Callers before those they call, so that none loses one while it still works.
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
