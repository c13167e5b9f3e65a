import { type Probes, runProbes } from "../core/probe.ts";
import { Unavailable } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";

/** How long a service waits at start for stores that start beside it, in milliseconds. */
const LIMIT_MS = 30_000;
const PAUSE_MS = 200;

/**
 * Waits until all of a service's stores answer.
 *
 * @throws {Unavailable} naming the stores that still do not answer after 30 s.
 */
export async function waitForStores(probes: Probes, log: Logger): Promise<void> {
  const giveUpAt = Date.now() + LIMIT_MS;
  let told = "";
  while (true) {
    const results = await runProbes(probes);
    const missing = Object.keys(results).filter((name) => results[name] === "down").join(", ");
    if (missing === "") return;
    if (Date.now() >= giveUpAt) throw new Unavailable(missing);
    if (missing !== told) log.warn({ missing }, "waiting for stores");
    told = missing;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
