import type { Logger, LogOutput } from "@rocket/platform";
import type { Variables } from "./environment.ts";
import { keepRunning } from "./keep_running.ts";
import type { ServiceName } from "./services.ts";
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
  readonly ready: Promise<Readonly<Record<ServiceName, string>>>;
  /** Starts some of them again with the code as it is now. */
  restart(names: readonly ServiceName[]): void;
  /** Ends their processes at once. */
  kill(): void;
}

/** Starts all services at once, and keeps them running. */
export function startServices({ root, env, lines, log }: ServicesOptions): RunningServices {
  const start = (name: ServiceName) => {
    const process = { name, root, env, lines };
    return keepRunning({ name, start: () => startServiceProcess(process), lines, log });
  };
  const services = {
    iam: start("iam"),
    inventory: start("inventory"),
    payment: start("payment"),
    order: start("order"),
  };
  const { iam, inventory, payment, order } = services;
  return {
    ready: Promise.all([iam.firstReady, inventory.firstReady, payment.firstReady, order.firstReady])
      .then(([iam, inventory, payment, order]) => ({ iam, inventory, payment, order })),
    restart: (names) => names.forEach((name) => services[name].restart()),
    kill: () => Object.values(services).forEach((service) => service.kill()),
    async [Symbol.asyncDispose]() {
      // Callers before those they call, so that none loses one while it still works.
      for (const service of [order, payment, inventory, iam]) await service.stop();
    },
  };
}
