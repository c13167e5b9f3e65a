import { freePort } from "@rocket/platform/free-port";
import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { RedisContainer } from "@testcontainers/redis";
import { type ContainerRuntimeClient, GenericContainer, type WaitStrategy } from "testcontainers";
import type { StoreName } from "../backing.ts";
import { CLUSTER_ID, kafkaSettings } from "../kafka/settings.ts";
import { assertOnlyLoopback } from "../ready.ts";
import { newSecret, postgresArgs, redisArgs, STORE_NAMES, STORES, SUPERUSER } from "../stores.ts";
import { type StartedStore, type StartedStores, startTogether, type StoreOrder } from "../way.ts";
import { findEngine, needImages, needReaper } from "./engine.ts";
import {
  type ContainerHandle,
  DockerServer,
  endContainerNamed,
  removeVolumeNamed,
  untilAnswers,
} from "./server.ts";
import { keepVolumes, volumeName, type Volumes, volumesFile } from "./volumes.ts";

/**
 * Starts a container for each store that is needed.
 *
 * @throws {import("../errors.ts").WayUnavailable} when no engine answers or an image can't be pulled
 */
export async function startContainers({ needs, env, dataDir, say }: StoreOrder): Promise<StartedStores> {
  const client = await findEngine();
  const images = await needImages(client, needs, env, say);
  if (dataDir === undefined) await needReaper(client);
  const volumes = dataDir === undefined ? undefined : await keepVolumes(dataDir);
  say(`starting containers of ${[...images.values()].join(" and ")}`);
  // For a person, or a program that cleans up, to tell whose a container is.
  const folder = dataDir ?? (env["TMPDIR"] || "/tmp");
  const dataAt = dataDir === undefined
    ? "in the containers"
    : `in the Docker volumes named by ${volumesFile(dataDir)}`;
  const start = (store: StoreName, image: string) =>
    startContainer({ client, store, image, folder, volumes });
  return await startTogether(images, start, dataAt);
}

/**
 * Deletes the volumes that hold a data folder's data, and the containers that are left on them.
 *
 * @throws {import("../errors.ts").WayUnavailable} when no engine answers
 */
export async function dropVolumes(volumes: Volumes): Promise<void> {
  const client = await findEngine();
  for (const store of STORE_NAMES) {
    await endContainerNamed(volumeName(volumes, store), client);
    await removeVolumeNamed(volumeName(volumes, store), client);
  }
}

interface ContainerPlan {
  readonly client: ContainerRuntimeClient;
  readonly store: StoreName;
  readonly image: string;
  readonly folder: string;
  /** Keep the data that last; without them the data go with the container. */
  readonly volumes: Volumes | undefined;
}

async function startContainer(
  { client, store, image, folder, volumes }: ContainerPlan,
): Promise<StartedStore> {
  const { title, port: inside, imageData, url: urlAt, ask } = STORES[store];
  const ownAddresses = Deno.networkInterfaces().map(({ address }) => address);
  const host = publishedHost(client.info.containerRuntime.host, ownAddresses);
  // A fixed port outside, as the container must keep it when it is started again.
  const port = freePort();
  const lasts = volumes !== undefined;
  const password = volumes?.postgresPassword ?? newSecret();
  const url = urlAt(host, port, password);
  const seen = { title, ask: () => ask(url) };
  const container = MAKE[store]({ image, password, lasts, host, port })
    .withExposedPorts({ container: inside, host: port })
    .withLabels({ "rocket-factory.folder": folder })
    .withWaitStrategy(waitBy(async (started) => {
      await untilAnswers({ ...seen, container: started });
      if (host === LOOPBACK) await assertOnlyLoopback(title, port);
    }));
  if (volumes) {
    const name = volumeName(volumes, store);
    // A killed run left it; we hold the data folder, so the name is ours.
    await endContainerNamed(name, client);
    // testcontainers' Ryuk must not remove it: it is stopped first.
    container.withName(name).withAutoCleanup(false).withBindMounts([{ source: name, target: imageData }]);
  }
  const started = await container.start();
  const handle = client.container.getById(started.getId());
  return { server: new DockerServer({ ...seen, lasts, container: handle }), url };
}

interface Making {
  readonly image: string;
  readonly password: string;
  readonly lasts: boolean;
  /** Where it will be published. */
  readonly host: string;
  readonly port: number;
}

type Make = (making: Making) => GenericContainer;

const ONE_DAY_MS = 86_400_000;

const MAKE: Readonly<Record<StoreName, Make>> = {
  postgres: ({ image, password, lasts, host }) =>
    new (class extends PostgreSqlContainer {
      protected override beforeContainerCreated(): Promise<void> {
        return bindTo(host, this.hostConfig);
      }
    })(image)
      .withDatabase("postgres")
      .withUsername(SUPERUSER)
      .withPassword(password)
      // We ask the server ourselves; the module's own check would run four times a second for ever.
      .withHealthCheck({ test: ["CMD", "true"], interval: ONE_DAY_MS })
      .withCommand(postgresArgs(lasts)),
  redis: ({ image, password, host }) =>
    new (class extends RedisContainer {
      protected override beforeContainerCreated(): Promise<void> {
        return bindTo(host, this.hostConfig);
      }
    })(image)
      .withPassword(password)
      .withCommand(["redis-server", ...redisArgs()]),
  kafka: ({ image, password, host, port }) =>
    new (class extends GenericContainer {
      protected override beforeContainerCreated(): Promise<void> {
        return bindTo(host, this.hostConfig);
      }
    })(image)
      .withEnvironment(kafkaEnvironment(password, `${host}:${port}`)),
};

/** The settings as the official image takes them: `node.id` is `KAFKA_NODE_ID`. */
function kafkaEnvironment(password: string, advertised: string): Record<string, string> {
  const { port, imageData } = STORES.kafka;
  const listeners = { client: `0.0.0.0:${port}`, advertised, controller: `127.0.0.1:${port + 1}` };
  const settings = Object.entries(kafkaSettings(listeners, password, imageData));
  const variables = settings.map((
    [name, value],
  ) => [`KAFKA_${name.toUpperCase().replaceAll(".", "_")}`, value]);
  // It starts in half the time without the compiler that optimizes for a long life.
  return {
    ...Object.fromEntries(variables),
    CLUSTER_ID,
    KAFKA_HEAP_OPTS: "-Xmx256m -XX:TieredStopAtLevel=1",
  };
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
function bindTo(host: string, hostConfig: { readonly PortBindings?: unknown }): Promise<void> {
  if (host === LOOPBACK) {
    // Dockerode's type for the ports says no more than "any".
    const bindings = (hostConfig.PortBindings ?? {}) as Record<string, { HostIp?: string }[]>;
    for (const binding of Object.values(bindings).flat()) binding.HostIp = host;
  }
  return Promise.resolve();
}

/** Has testcontainers wait by our own question, which has a limit of its own: what a log says is not an answer yet. */
function waitBy(waitUntilReady: (container: ContainerHandle) => Promise<void>): WaitStrategy {
  const strategy: WaitStrategy = {
    waitUntilReady,
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => 0,
  };
  return strategy;
}
