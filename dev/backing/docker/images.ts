import { type ContainerRuntimeClient, getReaper, ImageName } from "testcontainers";
import type { ServerName } from "../backing.ts";
import { orUnavailable } from "./or_unavailable.ts";

/** The image of each server: the official one of the oldest version that we support, or what the environment names. */
export function imagesOf(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<ServerName, string>> {
  return {
    postgres: env["POSTGRES_IMAGE"] || "postgres:15-alpine",
    redis: env["REDIS_IMAGE"] || "redis:7.0-alpine",
  };
}

const PULL_LIMIT_MS = 180_000;

/**
 * Sees to it that the engine has an image, pulled if need be, which is given three minutes.
 *
 * @throws {import("../errors.ts").WayUnavailable} when it can't be had
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
    await withinLimit(client.image.pull(image));
    // A pull that fails half way ends like one that succeeds.
    await client.image.inspect(image);
  });
}

/**
 * Sees to it that testcontainers' own helper runs, which removes containers after us when we are killed.
 * Nothing to do where `TESTCONTAINERS_RYUK_DISABLED` is `true`.
 *
 * @throws {import("../errors.ts").WayUnavailable} when it can't be had
 */
export async function needReaper(client: ContainerRuntimeClient): Promise<void> {
  const trouble = "testcontainers' Ryuk can't be started (TESTCONTAINERS_RYUK_DISABLED=true does without)";
  await orUnavailable(trouble, () => withinLimit(getReaper(client)));
}

async function withinLimit(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${PULL_LIMIT_MS} ms`)), PULL_LIMIT_MS);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
