import { WayUnavailable } from "../errors.ts";
import type { Way } from "../way.ts";

/** Containers by testcontainers, if a Docker engine answers and has, or can pull, the images. */
export const dockerWay: Way = {
  name: "docker",
  async start(order) {
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
