import { explainFailure } from "../core/explain_failure.ts";
import { AccessRefused } from "../core/failure.ts";
import { type ProbeFailures, type Probes, runProbes } from "../core/probe.ts";
import { StartError } from "../core/start_error.ts";
import type { Logger } from "../log/logger.ts";

/** How long a service waits at start for stores that start beside it, in milliseconds. */
const LIMIT_MS = 30_000;
const PAUSE_MS = 200;

/** A store that the service needs did not become available; the message names each one and the cause. */
export class StoresUnavailable extends StartError {
  constructor(failures: ProbeFailures) {
    super([...failures.values()].map(explainFailure).join("\n"));
    this.name = "StoresUnavailable";
  }
}

/**
 * Waits until all of a service's stores answer.
 *
 * @throws {StoresUnavailable} at once if a store refuses access, as waiting does not help, or after 30 s.
 */
export async function waitForStores(probes: Probes, log: Logger, limitMs: number = LIMIT_MS): Promise<void> {
  const giveUpAt = Date.now() + limitMs;
  let logged = "";
  while (true) {
    const failures = await runProbes(probes);
    if (failures.size === 0) return;
    const refused = new Map([...failures].filter(([, error]) => error instanceof AccessRefused));
    if (refused.size > 0) throw new StoresUnavailable(refused);
    if (Date.now() >= giveUpAt) throw new StoresUnavailable(failures);
    const missing = [...failures.keys()].join(", ");
    const causes = [...failures.values()].map(explainFailure);
    if (`${causes}` !== logged) log.warn({ causes, missing }, "waiting for stores");
    logged = `${causes}`;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
