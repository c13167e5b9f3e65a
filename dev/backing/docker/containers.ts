import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { RedisContainer } from "@testcontainers/redis";
import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";
import type { Environment, StoreName } from "../backing.ts";
import { orUnavailable } from "../errors.ts";
import { exists } from "../files.ts";
import { throwAwayHome } from "../local/home.ts";
import { newSecret, STORES, SUPERUSER } from "../stores.ts";
import { type StartedStore, type StartedStores, startTogether, type StoreOrder } from "../way.ts";
import { bindTo, type ContainerPlan, startContainer } from "./container.ts";
import { needImage, needReaper } from "./images.ts";
import { endContainerNamed, removeContainer, removeVolumeNamed } from "./server.ts";
import { keepVolumes, volumeName, type Volumes, volumesFile } from "./volumes.ts";

const FOLDER_LABEL = "rocket-factory.folder";
const HOST_LABEL = "rocket-factory.host";

/**
 * Starts a container for each store that is needed.
 *
 * @throws {import("../errors.ts").WayUnavailable} when an image can't be pulled
 */
export async function startContainers({ needs, env, dataDir, say }: StoreOrder): Promise<StartedStores> {
  const client = await orUnavailable("testcontainers finds no engine", getContainerRuntimeClient);
  const images = new Map([...needs].map((store) => [store, imageOf(store, env)]));
  for (const image of images.values()) await needImage(client, image, say);
  if (dataDir === undefined) await needReaper(client);

  await using stack = new AsyncDisposableStack();
  const folder = dataDir ?? stack.use(await throwAwayHome(env["TMPDIR"], undefined)).folder;
  await removeAbandoned(client);
  const volumes = dataDir === undefined ? undefined : await keepVolumes(dataDir);
  say(`starting containers of ${[...images.values()].join(" and ")}`);
  const labels = { [FOLDER_LABEL]: folder, [HOST_LABEL]: Deno.hostname() };
  const start = (store: StoreName, image: string) => {
    const plan = { client, store, image, labels, lastingName: volumes && volumeName(volumes, store) };
    return START[store](plan, volumes?.postgresPassword ?? newSecret());
  };
  const dataAt = dataDir === undefined
    ? "in the containers"
    : `in the Docker volumes named by ${volumesFile(dataDir)}`;
  return await startTogether(images, start, dataAt, stack);
}

/** The image that the environment names for a store, else the official one. */
export function imageOf(store: StoreName, env: Environment): string {
  const { variable, fallback } = STORES[store].image;
  return env[variable] || fallback;
}

const ONE_DAY_MS = 86_400_000;

const START: Readonly<
  Record<StoreName, (plan: ContainerPlan, postgresPassword: string) => Promise<StartedStore>>
> = {
  postgres: (plan, password) =>
    startContainer(plan, password, (address) => {
      const settings = Object.entries(STORES.postgres.settings(plan.lastingName !== undefined));
      return new (class extends PostgreSqlContainer {
        protected override beforeContainerCreated(): Promise<void> {
          return bindTo(address, this.hostConfig);
        }
      })(plan.image)
        .withDatabase("postgres")
        .withUsername(SUPERUSER)
        .withPassword(password)
        // We ask the server ourselves; the module's own check would run four times a second for ever.
        .withHealthCheck({ test: ["CMD", "true"], interval: ONE_DAY_MS })
        .withCommand(settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]));
    }),
  redis: (plan) => {
    const password = newSecret();
    return startContainer(plan, password, (address) => {
      const settings = Object.entries(STORES.redis.settings(plan.lastingName !== undefined));
      return new (class extends RedisContainer {
        protected override beforeContainerCreated(): Promise<void> {
          return bindTo(address, this.hostConfig);
        }
      })(plan.image)
        .withPassword(password)
        .withCommand(["redis-server", ...settings.flatMap(([name, value]) => [`--${name}`, value])]);
    });
  },
};

/** Removes the containers of killed runs: their folders no longer exist, as a later run has swept them away. */
async function removeAbandoned({ container: containers }: ContainerRuntimeClient): Promise<void> {
  // An engine may serve several hosts, and we can only check our own folders.
  const filters = { label: [`${HOST_LABEL}=${Deno.hostname()}`] };
  for (const { Id, Labels } of await containers.dockerode.listContainers({ all: true, filters })) {
    const folder = Labels[FOLDER_LABEL];
    if (folder !== undefined && !await exists(folder)) await removeContainer(containers.getById(Id));
  }
}

/**
 * Deletes the volumes that hold a data folder's data, and the containers that are left on them.
 *
 * @throws {import("../errors.ts").WayUnavailable} when no engine answers
 */
export async function dropVolumes(volumes: Volumes): Promise<void> {
  const problem = `the Docker volumes ${volumes.name}-… can't be deleted`;
  const client = await orUnavailable(problem, getContainerRuntimeClient);
  for (const store of ["postgres", "redis"] as const) {
    await endContainerNamed(volumeName(volumes, store), client);
    await removeVolumeNamed(volumeName(volumes, store), client);
  }
}
