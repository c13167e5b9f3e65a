import pTimeout from "p-timeout";
import { type ContainerRuntimeClient, getContainerRuntimeClient, getReaper, ImageName } from "testcontainers";
import type { Environment, StoreName } from "../backing.ts";
import { orUnavailable } from "../errors.ts";
import { STORES } from "../stores.ts";

const ANSWER_LIMIT_MS = 5_000;
const PULL_LIMIT_MS = 180_000;

/**
 * Finds the Docker engine, where testcontainers looks for it: at `DOCKER_HOST`, or else at the usual sockets.
 *
 * @throws {import("../errors.ts").WayUnavailable} when none answers within five seconds
 */
export async function findEngine(): Promise<ContainerRuntimeClient> {
  return await orUnavailable(
    "no Docker engine answers",
    () => pTimeout(getContainerRuntimeClient(), { milliseconds: ANSWER_LIMIT_MS }),
  );
}

/**
 * Makes sure that the engine has an image for each store: the one that the environment names, else the official one.
 *
 * @throws {import("../errors.ts").WayUnavailable} when one can't be pulled within three minutes
 */
export async function needImages(
  client: ContainerRuntimeClient,
  stores: Iterable<StoreName>,
  env: Environment,
  say: (line: string) => void,
): Promise<ReadonlyMap<StoreName, string>> {
  const images = new Map<StoreName, string>();
  for (const store of stores) {
    const { variable, fallback } = STORES[store].image;
    const image = env[variable] || fallback;
    await needImage(client, image, say);
    images.set(store, image);
  }
  return images;
}

async function needImage(
  client: ContainerRuntimeClient,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const image = ImageName.fromString(name);
  if (await client.image.exists(image)) return;
  say(`pulling the image ${name}`);
  await orUnavailable(`the image ${name} can't be pulled`, async () => {
    await pTimeout(client.image.pull(image), { milliseconds: PULL_LIMIT_MS });
    // A pull that fails half way ends like one that succeeds.
    await client.image.inspect(image);
  });
}

/**
 * Starts testcontainers' own helper, which removes our containers when we are killed.
 * Does nothing if `TESTCONTAINERS_RYUK_DISABLED` is `true`.
 *
 * @throws {import("../errors.ts").WayUnavailable} when it can't be started
 */
export async function needReaper(client: ContainerRuntimeClient): Promise<void> {
  const problem = "testcontainers' Ryuk can't be started (TESTCONTAINERS_RYUK_DISABLED=true does without)";
  await orUnavailable(problem, () => pTimeout(getReaper(client), { milliseconds: PULL_LIMIT_MS }));
}
