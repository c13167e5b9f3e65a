import type { ContainerRuntimeClient } from "testcontainers";
import { exists } from "../exists.ts";
import { removeContainer } from "./remove.ts";

const FOLDER_LABEL = "rocket-factory.folder";
const HOST_LABEL = "rocket-factory.host";

/** Labels that tie a container to a folder of ours, which exists for as long as the container is wanted. */
export function ownerLabels(folder: string): Record<string, string> {
  return { [FOLDER_LABEL]: folder, [HOST_LABEL]: Deno.hostname() };
}

/** Removes the containers of runs that were killed: their folders are gone, swept away by a later run. */
export async function removeAbandoned({ container: containers }: ContainerRuntimeClient): Promise<void> {
  // An engine may serve several hosts, and only ours can be asked about our folders.
  const filters = { label: [`${HOST_LABEL}=${Deno.hostname()}`] };
  for (const { Id, Labels } of await containers.dockerode.listContainers({ all: true, filters })) {
    const folder = Labels[FOLDER_LABEL];
    if (folder !== undefined && !await exists(folder)) await removeContainer(containers.getById(Id));
  }
}
