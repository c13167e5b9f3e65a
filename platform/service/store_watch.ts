import { explainFailure } from "../core/explain_failure.ts";
import { type Probes, runProbes } from "../core/probe.ts";
import type { Logger } from "../log/logger.ts";

/** How often the stores are probed, in milliseconds. */
const INTERVAL_MS = 2_000;

/**
 * Keeps a service's health current: probes its own stores every 2 s, reports each result, and logs each change with
 * its cause. Upstreams are not probed: one that is down must not make every replica of its callers unready.
 */
export function watchStores(probes: Probes, report: (isReady: boolean) => void, log: Logger): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let down = "";
  const look = async () => {
    const failures = await runProbes(probes);
    if (isStopped) return;
    const nowDown = [...failures.keys()].sort().join(", ");
    if (nowDown !== down) {
      const causes = [...failures.values()].map(explainFailure);
      if (nowDown === "") log.info("stores answer again");
      else log.warn({ down: nowDown, causes }, "stores do not answer");
      down = nowDown;
    }
    report(down === "");
    timer = setTimeout(look, INTERVAL_MS);
  };
  look();
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      clearTimeout(timer);
      report(false);
    },
  };
}
