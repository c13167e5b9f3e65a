import { type ContainerRuntimeClient, GenericContainer, type WaitStrategy } from "testcontainers";
import { freePort } from "@rocket/platform/free-port";
import type { ContainerHandle } from "./handle.ts";
import { LOOPBACK, publishedHost } from "./published_host.ts";
import { endContainerNamed } from "./remove.ts";
import { DockerServer, untilAnswers } from "./server.ts";

/** What a server's container is made from. */
export interface ContainerPlan {
  /** What a person calls the server. */
  readonly title: string;
  readonly image: string;
  /** The port inside; outside it is a free one, which stays the same when the container is started again. */
  readonly port: number;
  readonly command: readonly string[];
  readonly environment: Record<string, string>;
  /** Files to put into the container. */
  readonly files: { readonly content: string; readonly target: string; readonly mode: number }[];
  /** The folder inside that holds the data. */
  readonly data: string;
}

/** For how long the data live, and who answers for the container. */
export interface ContainerKeep {
  readonly client: ContainerRuntimeClient;
  /** The name of the container and of the volume with its data, where they last; else they go with the container. */
  readonly lastingName: string | undefined;
  readonly labels: Record<string, string>;
}

/** Where a container's server can be reached from here. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Starts a container and waits until its server answers. */
export async function startContainer(
  plan: ContainerPlan,
  keep: ContainerKeep,
  ask: (address: Address) => Promise<void>,
): Promise<{ readonly server: DockerServer; readonly address: Address }> {
  for (let attempt = 1;; attempt++) {
    try {
      return await startOnFreePort(plan, keep, ask);
    } catch (error) {
      // Between our look and the engine's, another container was given the port.
      if (attempt === ATTEMPTS || !(error instanceof Error && PORT_TAKEN.test(error.message))) throw error;
    }
  }
}

const ATTEMPTS = 5;
const PORT_TAKEN = /port is already allocated|address already in use/;

async function startOnFreePort(
  plan: ContainerPlan,
  { client, lastingName, labels }: ContainerKeep,
  ask: (address: Address) => Promise<void>,
): Promise<{ readonly server: DockerServer; readonly address: Address }> {
  const ownAddresses = Deno.networkInterfaces().map(({ address }) => address);
  const host = publishedHost(client.info.containerRuntime.host, ownAddresses);
  const address = { host, port: freePort() };
  const seen = { title: plan.title, ask: () => ask(address) };
  const container = new LoopbackContainer(plan.image, address)
    .withExposedPorts({ container: plan.port, host: address.port })
    .withEnvironment(plan.environment)
    .withCopyContentToContainer(plan.files)
    .withCommand([...plan.command])
    .withLabels(labels)
    .withWaitStrategy(untilItAnswers((started) => untilAnswers({ ...seen, container: started })));
  if (lastingName !== undefined) {
    // Left by a run that was killed or an attempt whose port was taken; the data folder is ours, so is the name.
    await endContainerNamed(lastingName, client);
    // Ryuk would take it for a leftover.
    container.withName(lastingName).withAutoCleanup(false)
      .withBindMounts([{ source: lastingName, target: plan.data }]);
  }
  const started = await container.start();
  const lasts = lastingName !== undefined;
  const server = new DockerServer({ ...seen, lasts, container: client.container.getById(started.getId()) });
  return { server, address };
}

/** A container whose ports, on an engine of this machine, are not open to the network. */
class LoopbackContainer extends GenericContainer {
  readonly #host: string;

  constructor(image: string, { host }: Address) {
    super(image);
    this.#host = host;
  }

  protected override beforeContainerCreated(): Promise<void> {
    if (this.#host === LOOPBACK) {
      const bindings: Record<string, { HostIp?: string }[]> = this.hostConfig.PortBindings ?? {};
      for (const binding of Object.values(bindings).flat()) binding.HostIp = this.#host;
    }
    return Promise.resolve();
  }
}

/** Has testcontainers wait by our own question: what a log says is not yet an answer. */
function untilItAnswers(wait: (container: ContainerHandle) => Promise<void>): WaitStrategy {
  const strategy: WaitStrategy = {
    waitUntilReady: wait,
    // The limit is the question's own.
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => 0,
  };
  return strategy;
}
