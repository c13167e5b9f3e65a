import { getContainerRuntimeClient } from "testcontainers";
import { type KeptVolumes, volumeName } from "./kept.ts";
import { orUnavailable } from "./or_unavailable.ts";
import { endContainerNamed, removeVolumeNamed } from "./remove.ts";

/**
 * Deletes the volumes that hold a data folder's data, and what containers are left on them.
 *
 * @throws {import("../errors.ts").WayUnavailable} when no engine answers
 */
export async function dropVolumes(kept: KeptVolumes): Promise<void> {
  const trouble = `the Docker volumes ${kept.name}-… can't be deleted`;
  const client = await orUnavailable(trouble, getContainerRuntimeClient);
  for (const server of ["postgres", "redis"] as const) {
    await endContainerNamed(volumeName(kept, server), client);
    await removeVolumeNamed(volumeName(kept, server), client);
  }
}
