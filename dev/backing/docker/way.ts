import type { Environment } from "../backing.ts";
import { WayUnavailable } from "../errors.ts";
import { exists } from "../files.ts";
import type { Way } from "../way.ts";

/** Containers by testcontainers, if a Docker engine answers and has, or can pull, the images. */
export const dockerWay: Way = {
  name: "docker",
  async start(order) {
    if (!await mayHaveEngine(order.env)) {
      throw new WayUnavailable("there is neither DOCKER_HOST nor a socket");
    }
    // Loaded only here: it is the heaviest library of all, and most runs without Docker are short.
    const { startContainers } = await import("./containers.ts");
    try {
      return await startContainers(order);
    } catch (error) {
      // On a machine with Docker, a person expects it to be used.
      if (error instanceof WayUnavailable) order.say(`not using Docker: ${error.reason}`);
      throw error;
    }
  },
};

async function mayHaveEngine({ DOCKER_HOST, XDG_RUNTIME_DIR, HOME }: Environment): Promise<boolean> {
  if (DOCKER_HOST) return true;
  const folders = ["/var/run", XDG_RUNTIME_DIR, `${HOME}/.docker/run`, `${HOME}/.docker/desktop`];
  return (await Promise.all(folders.map((folder) => exists(`${folder}/docker.sock`)))).includes(true);
}
