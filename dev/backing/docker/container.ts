import { freePort } from "@rocket/platform/free-port";
import type { ContainerRuntimeClient, GenericContainer, WaitStrategy } from "testcontainers";
import type { StoreName } from "../backing.ts";
import { assertOnlyLoopback } from "../ready.ts";
import { STORES } from "../stores.ts";
import type { StartedStore } from "../way.ts";
import { type ContainerHandle, DockerServer, endContainerNamed, untilAnswers } from "./server.ts";

/** What a store's container is made from. */
export interface ContainerPlan {
  readonly client: ContainerRuntimeClient;
  readonly store: StoreName;
  readonly image: string;
  /** The name of the container and of the volume with its data if they last; else the data go with the container. */
  readonly lastingName: string | undefined;
  readonly labels: Record<string, string>;
}

/** Where this machine reaches a container's server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Starts a container and waits until its server answers. */
export async function startContainer(
  plan: ContainerPlan,
  password: string,
  make: (address: Address) => GenericContainer,
): Promise<StartedStore> {
  for (let attempt = 1;; attempt++) {
    try {
      return await startOnFreePort(plan, password, make);
    } catch (error) {
      // The engine gave the port to another container after we had found it free.
      if (attempt === ATTEMPTS || !(error instanceof Error && PORT_TAKEN.test(error.message))) throw error;
    }
  }
}

const ATTEMPTS = 5;
const PORT_TAKEN = /port is already allocated|address already in use/;

async function startOnFreePort(
  { client, store, lastingName, labels }: ContainerPlan,
  password: string,
  make: (address: Address) => GenericContainer,
): Promise<StartedStore> {
  const { title, port: inside, imageData, url: urlAt, ask } = STORES[store];
  const ownAddresses = Deno.networkInterfaces().map(({ address }) => address);
  const host = publishedHost(client.info.containerRuntime.host, ownAddresses);
  // A fixed port outside, as the container must keep it when it is started again.
  const port = freePort();
  const url = urlAt(host, port, password);
  const seen = { title, ask: () => ask(url) };
  const container = make({ host, port })
    .withExposedPorts({ container: inside, host: port })
    .withLabels(labels)
    .withWaitStrategy(untilItAnswers((started) => untilAnswers({ ...seen, container: started })));
  if (lastingName !== undefined) {
    // Left by a killed run, or by an attempt whose port was taken; we hold the data folder, so the name is ours.
    await endContainerNamed(lastingName, client);
    // testcontainers' Ryuk must not remove it: it is stopped first.
    container.withName(lastingName).withAutoCleanup(false)
      .withBindMounts([{ source: lastingName, target: imageData }]);
  }
  const started = await container.start();
  const lasts = lastingName !== undefined;
  const server = new DockerServer({ ...seen, lasts, container: client.container.getById(started.getId()) });
  try {
    if (host === LOOPBACK) await assertOnlyLoopback(title, port);
    return { server, url };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** The loopback address, which no other machine can reach. */
const LOOPBACK = "127.0.0.1";

/**
 * Chooses where to publish the ports of containers, and to dial them.
 *
 * testcontainers takes a machine with `/.dockerenv` for a container and dials its engine's bridge, even if the engine
 * runs on that very machine: then the bridge is an interface of ours, and so is the loopback address.
 *
 * @param host The engine's host as testcontainers resolved it.
 * @param ownAddresses The addresses of this machine's interfaces.
 */
export function publishedHost(host: string, ownAddresses: readonly string[]): string {
  return host === "localhost" || ownAddresses.includes(host) ? LOOPBACK : host;
}

/** Publishes the ports of a container, on an engine of this machine, at the loopback address only. */
export function bindTo(
  { host }: Address,
  hostConfig: { readonly PortBindings?: unknown },
): Promise<void> {
  if (host === LOOPBACK) {
    // Dockerode's type for the ports says no more than "any".
    const bindings = (hostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>;
    for (const binding of Object.values(bindings).flat()) binding.HostIp = host;
  }
  return Promise.resolve();
}

/** Has testcontainers wait by our own question: what a log says is not an answer yet. */
function untilItAnswers(wait: (container: ContainerHandle) => Promise<void>): WaitStrategy {
  const strategy: WaitStrategy = {
    waitUntilReady: wait,
    // The question has a limit of its own.
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => 0,
  };
  return strategy;
}
