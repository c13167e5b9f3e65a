import type { Hono } from "hono";
import { type Probes, runProbes } from "../core/probe.ts";

/** What decides and describes whether a service is ready. */
export interface Readiness {
  /** Its own stores; if one does not answer, the service is not ready. */
  readonly stores: Probes;
  /** The services that it calls; reported, but the service is ready without them. */
  readonly upstreams: Probes;
  /** True once the stop signal has come. */
  readonly isStopping: () => boolean;
}

/** Adds `/healthz` (the process is alive) and `/readyz` (it takes requests), both open to all. */
export function addHealthRoutes(app: Hono, { stores, upstreams, isStopping }: Readiness): void {
  app.get("/healthz", (c) => c.json({ status: "alive" }));
  app.get("/readyz", async (c) => {
    const [storeStates, upstreamStates] = await Promise.all([askAll(stores), askAll(upstreams)]);
    const isReady = !isStopping() && !Object.values(storeStates).includes("down");
    const status = isStopping() ? "stopping" : isReady ? "ready" : "not ready";
    return c.json({ status, stores: storeStates, upstreams: upstreamStates }, isReady ? 200 : 503);
  });
}

/** The causes stay out of the answer: anyone may read it. */
async function askAll(probes: Probes): Promise<Record<string, "up" | "down">> {
  const failures = await runProbes(probes);
  return Object.fromEntries(Object.keys(probes).map((name) => [name, failures.has(name) ? "down" : "up"]));
}
