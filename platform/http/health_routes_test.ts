import assert from "node:assert/strict";
import { createTestApp } from "../testing/http_app.ts";
import type { Readiness } from "./health_routes.ts";

const up = () => Promise.resolve();
const down = () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:5432"));

async function ask(path: string, readiness: Partial<Readiness>) {
  const { app } = createTestApp({
    readiness: { stores: {}, upstreams: {}, isStopping: () => false, ...readiness },
  });
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
}

Deno.test("a running process is alive, even if its stores are down", async () => {
  const { status, body } = await ask("/healthz", { stores: { postgres: down }, isStopping: () => true });
  assert.deepEqual([status, body], [200, { status: "alive" }]);
});

Deno.test("a service whose stores answer is ready, and reports its upstreams", async () => {
  const answer = await ask("/readyz", { stores: { postgres: up }, upstreams: { iam: up, inventory: down } });
  const upstreams = { iam: "up", inventory: "down" };
  assert.deepEqual(answer, { status: 200, body: { status: "ready", stores: { postgres: "up" }, upstreams } });
});

Deno.test("a service is not ready while a store is down, and does not reveal why", async () => {
  const { status, body } = await ask("/readyz", { stores: { postgres: down, redis: up } });
  const stores = { postgres: "down", redis: "up" };
  assert.deepEqual([status, body], [503, { status: "not ready", stores, upstreams: {} }]);
});

Deno.test("a service that is stopping is not ready, even if its stores answer", async () => {
  const { status, body } = await ask("/readyz", { stores: { postgres: up }, isStopping: () => true });
  assert.deepEqual([status, body.status], [503, "stopping"]);
});

Deno.test("a flood of readiness requests probes a store once", async () => {
  let probes = 0;
  const store = Promise.withResolvers<void>();
  const stores = { postgres: () => (probes++, store.promise) };
  const { app } = createTestApp({ readiness: { stores, upstreams: {}, isStopping: () => false } });
  const answers = Array.from({ length: 200 }, () => Promise.resolve(app.request("/readyz")));
  store.resolve();
  for (const { status } of await Promise.all(answers)) assert.equal(status, 200);
  assert.equal(probes, 1);
});
