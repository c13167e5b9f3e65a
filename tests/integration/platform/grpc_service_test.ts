import { handlersOf } from "@rocket/platform/testing/handlers";
import { answerOf, createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { CannotListen } from "@rocket/platform/core";
import {
  createGrpcDoor,
  createGrpcServer,
  createHealthProbe,
  listenGrpc,
  rpcService,
} from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import { createPostgres } from "@rocket/platform/postgres";
import { type ServiceParts, startService } from "@rocket/platform/service";
import { AuthService } from "@rocket/proto/iam";
import { eventually } from "@rocket/platform/testing/eventually";
import { freePort } from "@rocket/platform/free-port";

/** Stores are probed every 2 s, and a probe of a silent store takes as long. */
const NOTICED_MS = 5_000;

Deno.test("a gRPC service without a store is healthy from start to stop", async () => {
  const log = createLogger({ service: "test", level: "silent", format: "json" });
  const port = freePort();
  const doors = [createGrpcDoor({ log, host: "127.0.0.1", port, services: [] })];
  const owned = new AsyncDisposableStack();
  const service = await startService({
    log,
    doors,
    owned,
    config: { shutdownTimeoutMs: 1_000, shutdownDelayMs: 0 },
  });
  await using probe = createHealthProbe("test", `127.0.0.1:${port}`);
  await eventually(() => probe.probe());
  await service[Symbol.asyncDispose]();
  await assert.rejects(probe.probe(), /unavailable/);
});

Deno.test("a gRPC service on a real store", async (t) => {
  await using backing = await startBacking({
    databases: ["platform"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["platform"] ?? "";
  /** Builds a service with one method, and records what it logs. */
  function setUp(answer: () => Promise<string> = () => Promise.resolve("a session")) {
    const events: string[] = [];
    const stream = { write: (line: string) => void events.push(JSON.parse(line).msg) };
    const log = createLogger({ service: "test", level: "info", format: "json" }, stream);
    const pool = createPostgres(url);
    const port = freePort();
    const handlers = handlersOf(AuthService, { login: async () => ({ sessionUuid: await answer() }) });
    const services = [rpcService(AuthService, handlers)];
    const owned = new AsyncDisposableStack();
    owned.defer(() => void events.push("stores closed"));
    owned.use(pool);
    const parts: ServiceParts = {
      log,
      doors: [createGrpcDoor({ log, host: "127.0.0.1", port, services })],
      stores: { postgres: () => pool.query((sql) => sql`select 1`) },
      config: { shutdownTimeoutMs: 3_000, shutdownDelayMs: 0 },
      owned,
    };
    return { parts, events, port, target: `127.0.0.1:${port}` };
  }

  await t.step("its health follows its store, and ends with the service", async () => {
    const { parts, events, target } = setUp();
    const service = await startService(parts);
    await using probe = createHealthProbe("test", target);
    await eventually(() => probe.probe());
    await backing.postgres.stop();
    await eventually(() => assert.rejects(probe.probe(), /NOT_SERVING/), NOTICED_MS);
    await backing.postgres.start();
    await eventually(() => probe.probe(), NOTICED_MS);
    await service[Symbol.asyncDispose]();
    await assert.rejects(probe.probe(), /unavailable/);
    assert.deepEqual(events, ["ready", "stores do not answer", "stores answer again", "stores closed"]);
  });

  await t.step(
    "stopping finishes calls in flight, refuses new ones, and closes its stores last",
    async () => {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
      const { promise: work, resolve: finish } = Promise.withResolvers<string>();
      const { parts, events, target } = setUp(() => (arrive(), work));
      const service = await startService(parts);
      await using client = createRawClient(AuthService, target);
      await using late = createRawClient(AuthService, target);
      const inFlight = answerOf(client.login({ login: "", password: "" }));
      await arrived;
      const stopped = service[Symbol.asyncDispose]();
      await eventually(async () => {
        assert.equal(await statusOf(late.login({ login: "", password: "" })), "UNAVAILABLE");
      });
      assert.ok(!events.includes("stores closed"));
      finish("done");
      assert.equal((await inFlight).sessionUuid, "done");
      await stopped;
      assert.deepEqual(events, ["ready", "call answered", "stores closed"]);
    },
  );

  await t.step("a call that never ends does not delay the stop beyond the shutdown timeout", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { parts, target } = setUp(() => new Promise(() => arrive()));
    const service = await startService({ ...parts, config: { shutdownTimeoutMs: 200, shutdownDelayMs: 0 } });
    await using client = createRawClient(AuthService, target);
    const inFlight = statusOf(client.login({ login: "", password: "" }));
    await arrived;
    await service[Symbol.asyncDispose]();
    assert.equal(await inFlight, "CANCELLED");
  });

  await t.step("a port that is taken fails the start, and everything opened is closed again", async () => {
    const { parts, events, port } = setUp();
    const other = createGrpcServer({ log: parts.log });
    await listenGrpc(other, "127.0.0.1", port);
    await assert.rejects(startService(parts), CannotListen);
    assert.deepEqual(events, ["stores closed"]);
    other.forceShutdown();
  });

  await t.step(
    "prepare runs before listening, with the stores up, and its failure fails the start",
    async () => {
      const { parts, events, target } = setUp();
      await using probe = createHealthProbe("test", target);
      const fault = new Error("not ready to serve");
      const prepare = async () => {
        await parts.stores?.["postgres"]?.();
        await assert.rejects(probe.probe(), /unavailable/);
        throw fault;
      };
      await assert.rejects(startService({ ...parts, prepare }), fault);
      assert.deepEqual(events, ["stores closed"]);
    },
  );

  await t.step("a store that comes up late is awaited, and reported", async () => {
    await backing.postgres.stop();
    const { parts, events, target } = setUp();
    const starting = startService(parts);
    // It is reported again when the cause changes: first the port is closed, then Postgres is starting up.
    await eventually(() => assert.ok(events.includes("waiting for stores")));
    await using probe = createHealthProbe("test", target);
    await assert.rejects(probe.probe(), /unavailable/);
    await backing.postgres.start();
    const service = await starting;
    await eventually(() => probe.probe());
    await service[Symbol.asyncDispose]();
    assert.deepEqual([...new Set(events)], ["waiting for stores", "ready", "stores closed"]);
  });
});
