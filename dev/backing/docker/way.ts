import { WayUnavailable } from "../errors.ts";
import type { Way } from "../way.ts";
import { findEngine, probeEngine, USUAL_SOCKET } from "./engine.ts";

/** Containers by testcontainers, if a Docker engine answers and has, or can pull, the images. */
export const dockerWay: Way = {
  name: "docker",
  async start(order) {
    const engine = await findEngine(order.env);
    if (!engine) throw new WayUnavailable(`there is neither DOCKER_HOST nor ${USUAL_SOCKET}`);
    try {
      await probeEngine(engine);
      // Loaded only here: it is the heaviest library of all, and most runs without Docker are short.
      const { startContainers } = await import("./containers.ts");
      return await startContainers(order);
    } catch (error) {
      // On a machine with Docker, a person expects it to be used.
      if (error instanceof WayUnavailable) order.say(`not using Docker: ${error.reason}`);
      throw error;
    }
  },
};
