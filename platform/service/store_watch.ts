import type { Logger } from "../log/logger.ts";
import { type Probes, runProbes } from "../core/probe.ts";

/** Told when a service's own stores begin or cease to answer. */
export interface ReadinessListener {
  serving(): void;
  notServing(): void;
}

/** How often the stores are asked, in milliseconds. */
const INTERVAL_MS = 2_000;

/**
 * Keeps a service's health true: asks its own stores every 2 s, and tells the listener and the log of each change.
 * Upstreams are not asked: one that is down must not take every replica out.
 */
export function watchStores(probes: Probes, listener: ReadinessListener, log: Logger): Disposable {
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
    if (down === "") listener.serving();
    else listener.notServing();
    timer = setTimeout(look, INTERVAL_MS);
  };
  look();
  return {
    [Symbol.dispose]: () => {
      isStopped = true;
      clearTimeout(timer);
      listener.notServing();
    },
  };
}
