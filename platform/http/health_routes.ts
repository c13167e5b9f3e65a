import type { Hono } from "hono";
import { createProbeCache, type Probes } from "../core/probe.ts";

/** What decides and describes whether a service is ready. */
export interface Readiness {
  /** Its own stores; if one does not answer, the service is not ready. */
  readonly stores: Probes;
  /** The services that it calls; reported, but the service is ready without them. */
  readonly upstreams: Probes;
  /** True once the stop signal has come. */
  readonly isStopping: () => boolean;
}

/**
 * Adds `/healthz` (the process is alive) and `/readyz` (it takes requests), both open to all. Stores and upstreams are
 * probed at most once a second, however many ask.
 */
export function addHealthRoutes(app: Hono, { stores, upstreams, isStopping }: Readiness): void {
  const storeStates = statesOf(stores);
  const upstreamStates = statesOf(upstreams);
  app.get("/healthz", (c) => c.json({ status: "alive" }));
  app.get("/readyz", async (c) => {
    const [ofStores, ofUpstreams] = await Promise.all([storeStates(), upstreamStates()]);
    const isReady = !isStopping() && !Object.values(ofStores).includes("down");
    const status = isStopping() ? "stopping" : isReady ? "ready" : "not ready";
    return c.json({ status, stores: ofStores, upstreams: ofUpstreams }, isReady ? 200 : 503);
  });
}

/** The causes stay out of the answer: anyone may read it. */
function statesOf(probes: Probes): () => Promise<Record<string, "up" | "down">> {
  const askAll = createProbeCache(probes);
  return async () => {
    const failures = await askAll();
    return Object.fromEntries(
      Object.keys(probes).map((name) => [name, failures.has(name) ? "down" : "up"]),
    );
  };
}
