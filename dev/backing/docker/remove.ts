import type { ContainerRuntimeClient } from "testcontainers";
import type { ContainerHandle } from "./handle.ts";

/** Removes a container, running or not, and those of its volumes that have no name. */
export async function removeContainer(container: ContainerHandle): Promise<void> {
  await container.remove({ force: true, v: true }).catch(unlessGone);
}

/** Ends the container of this name in good order and removes it, if there is one. */
export async function endContainerNamed(name: string, { container }: ContainerRuntimeClient): Promise<void> {
  const leftover = container.dockerode.getContainer(name);
  await leftover.stop().catch(unlessGone);
  await removeContainer(leftover);
}

/** Removes the volume of this name, if there is one. */
export async function removeVolumeNamed(name: string, { container }: ContainerRuntimeClient): Promise<void> {
  await container.dockerode.getVolume(name).remove().catch(unlessGone);
}

// Stopped already; no such thing; somebody else is removing it.
const GONE: readonly unknown[] = [304, 404, 409];

function unlessGone(error: unknown): void {
  if (!(error instanceof Error && "statusCode" in error && GONE.includes(error.statusCode))) throw error;
}
