import type { Logger } from "../log/logger.ts";
import { type Probes, runProbes } from "../core/probe.ts";

/** How often the stores are asked, in milliseconds. */
const INTERVAL_MS = 2_000;

/**
 * Keeps a service's health true: asks its own stores every 2 s, and reports each look, and logs each change.
 * Upstreams are not asked: one that is down must not take every replica out.
 */
export function watchStores(probes: Probes, report: (isReady: boolean) => void, log: Logger): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let down = "";
  const look = async () => {
    const results = await runProbes(probes);
    if (isStopped) return;
    const nowDown = Object.keys(results).filter((name) => results[name] === "down").join(", ");
    if (nowDown !== down) {
      if (nowDown === "") log.info("stores answer again");
      else log.warn({ down: nowDown }, "stores do not answer");
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
