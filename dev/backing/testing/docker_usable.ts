import { findEngine, probeEngine } from "../docker/engine.ts";
import { WayUnavailable } from "../errors.ts";

/** Whether there is an engine with images to test with; where `BACKING` is set, it is taken at its word. */
export async function dockerIsUsable(): Promise<boolean> {
  const env = Deno.env.toObject();
  if (env["BACKING"]) return env["BACKING"] === "docker";
  const engine = await findEngine(env);
  if (!engine) return false;
  try {
    await probeEngine(engine);
    const { getContainerRuntimeClient } = await import("testcontainers");
    const { imagesOf, needImage, needReaper } = await import("../docker/images.ts");
    const client = await getContainerRuntimeClient();
    const images = imagesOf(env);
    await Promise.all([images.postgres, images.redis].map((image) => needImage(client, image, () => {})));
    await needReaper(client);
    return true;
  } catch (error) {
    if (error instanceof WayUnavailable) return false;
    throw error;
  }
}
