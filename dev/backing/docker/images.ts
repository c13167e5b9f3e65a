import pTimeout from "p-timeout";
import { type ContainerRuntimeClient, getReaper, ImageName } from "testcontainers";
import { orUnavailable } from "../errors.ts";

const PULL_LIMIT_MS = 180_000;

/**
 * Pulls an image unless the engine has it, within three minutes.
 *
 * @throws {import("../errors.ts").WayUnavailable} when it can't be pulled
 */
export async function needImage(
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
