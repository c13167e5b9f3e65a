import type { Hono } from "hono";
import { type Probes, runProbes } from "../core/probe.ts";

/** What an HTTP service's readiness rests on. */
export interface Readiness {
  /** Its own stores: where one does not answer, the service is not ready. */
  readonly stores: Probes;
  /** The services it calls: reported, not counted. */
  readonly upstreams: Probes;
  /** True from the stop signal on. */
  readonly isStopping: () => boolean;
}

/** Adds `/healthz`, whether the process is alive, and `/readyz`, whether it wants requests; both open to all. */
export function addHealthRoutes(app: Hono, { stores, upstreams, isStopping }: Readiness): void {
  app.get("/healthz", (c) => c.json({ status: "alive" }));
  app.get("/readyz", async (c) => {
    const [storeResults, upstreamResults] = await Promise.all([runProbes(stores), runProbes(upstreams)]);
    const isReady = !isStopping() && Object.values(storeResults).every((result) => result === "up");
    const status = isStopping() ? "stopping" : isReady ? "ready" : "not ready";
    return c.json({ status, stores: storeResults, upstreams: upstreamResults }, isReady ? 200 : 503);
  });
}
