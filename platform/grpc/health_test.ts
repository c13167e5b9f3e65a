import assert from "node:assert/strict";
import {
  type Client,
  type ClientReadableStream,
  makeClientConstructor,
  type MethodDefinition,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { Unavailable } from "../core/failure.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../core/free_port.ts";
import { type ClientClass, type GrpcPeer, serveGrpc } from "../testing/grpc_peer.ts";
import { addHealth, type Health } from "./health.ts";
import { createHealthProbe } from "./health_probe.ts";
import { shutDownGrpc } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

interface HealthDefinition extends ServiceDefinition {
  readonly Check: MethodDefinition<{ service: string }, { status: string }>;
}

interface HealthClient extends Client {
  watch(request: { service: string }): ClientReadableStream<{ status: string }>;
}

// grpc-js builds the client from a definition loaded at run time; its methods are those of health.proto.
const HealthClient = makeClientConstructor(
  healthService,
  "grpc.health.v1.Health",
) as unknown as ClientClass<HealthClient>;

async function serveHealth(): Promise<{ readonly peer: GrpcPeer; readonly health: Health }> {
  let health: Health | undefined;
  const peer = await serveGrpc({
    addServices: (server) => {
      health = addHealth(server, ["auth.v1.AuthService"]);
    },
  });
  assert.ok(health);
  return { peer, health };
}

async function check(peer: GrpcPeer, service: string): Promise<string | undefined> {
  // The library loads the definition from health.proto at run time, so its type lists no methods.
  const client = peer.connect(healthService as unknown as HealthDefinition);
  return (await client.Check({ service })).response?.status;
}

Deno.test("a server reports the last status set, and NOT_SERVING before that", async () => {
  const { peer, health } = await serveHealth();
  await using _peer = peer;
  for (const service of ["", "auth.v1.AuthService"]) {
    assert.equal(await check(peer, service), "NOT_SERVING");
    health.serving();
    assert.equal(await check(peer, service), "SERVING");
    health.notServing();
    assert.equal(await check(peer, service), "NOT_SERVING");
  }
});

Deno.test("a server reports no status for a service it does not have", async () => {
  const { peer, health } = await serveHealth();
  await using _peer = peer;
  health.serving();
  assert.equal(await check(peer, "inventory.v1.InventoryService"), undefined);
});

Deno.test("a watcher receives each change, and does not delay the shutdown", async () => {
  const { peer, health } = await serveHealth();
  await using _peer = peer;
  const client = peer.stub(HealthClient);
  const statuses: string[] = [];
  const stream = client.watch({ service: "" });
  stream.on("data", ({ status }: { status: string }) => statuses.push(status));
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  stream.on("end", end);

  await eventually(() => assert.deepEqual(statuses, ["NOT_SERVING"]));
  health.serving();
  await eventually(() => assert.deepEqual(statuses, ["NOT_SERVING", "SERVING"]));
  health.notServing();
  health[Symbol.dispose]();
  const startedAt = performance.now();
  await shutDownGrpc(peer.server, GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
  await ended;
  assert.deepEqual(statuses, ["NOT_SERVING", "SERVING", "NOT_SERVING"]);
});

Deno.test("a watcher that hung up does not delay the shutdown", async () => {
  const { peer, health } = await serveHealth();
  await using _peer = peer;
  const client = peer.stub(HealthClient);
  const stream = client.watch({ service: "" });
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  stream.once("data", start).on("error", () => {});
  await started;
  stream.cancel();
  await eventually(() => assert.match(peer.captured.text(), /"code":"CANCELLED"/));
  health[Symbol.dispose]();
  await shutDownGrpc(peer.server, 5_000);
});

Deno.test("a probe passes if the service is serving, and throws if it is not or is down", async () => {
  const { peer, health } = await serveHealth();
  await using probe = createHealthProbe("iam", peer.target);
  await assert.rejects(probe.probe(), /iam is NOT_SERVING/);
  health.serving();
  await probe.probe();
  await peer[Symbol.asyncDispose]();
  await assert.rejects(probe.probe(), Unavailable);
  await using absent = createHealthProbe("iam", `127.0.0.1:${freePort()}`);
  await assert.rejects(absent.probe(), Unavailable);
});
