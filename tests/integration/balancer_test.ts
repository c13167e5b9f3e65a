import { createGrpcDoor, createHealthProbe, rpcService } from "@rocket/platform/grpc";
import { createApi, createHttpDoor } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { freePort } from "@rocket/platform/free-port";
import { startService } from "@rocket/platform/service";
import { eventually } from "@rocket/platform/testing/eventually";
import { createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import { handlersOf } from "@rocket/platform/testing/handlers";
import { AuthService } from "@rocket/proto/iam";
import assert from "node:assert/strict";

/** What is set behind a balancer, and how often that looks, in milliseconds. */
const SHUTDOWN_DELAY_MS = 5_000;
const LOOK_MS = 1_000;

/** The traffic is light, in milliseconds between requests: dense traffic keeps an HTTP port open even without a delay. */
const PAUSE_MS = 150;

/** A replica with both kinds of door, as a balancer sees it: how to look at it, and how to send it a request. */
async function startReplica(protocol: "http" | "grpc") {
  const log = createLogger({ service: "replica", level: "silent", format: "json" });
  const port = freePort();
  const at = { host: "127.0.0.1", port };
  const target = `127.0.0.1:${port}`;
  const service = await startService({
    log,
    doors: [protocol === "http" ? httpDoor(log, at) : grpcDoor(log, at)],
    config: { shutdownTimeoutMs: 10_000, shutdownDelayMs: SHUTDOWN_DELAY_MS },
    owned: new AsyncDisposableStack(),
  });
  let answered = 0;
  const clients = protocol === "http" ? httpClients(target) : grpcClients(target);
  return {
    ...clients,
    get answered() {
      return answered;
    },
    async ask() {
      await clients.ask();
      answered++;
    },
    stop: () => service[Symbol.asyncDispose](),
  };
}

type Replica = Awaited<ReturnType<typeof startReplica>>;

for (const protocol of ["http", "grpc"] as const) {
  Deno.test(`behind a balancer that looks every second, no ${protocol} request is lost when a replica stops`, async () => {
    await using clients = new AsyncDisposableStack();
    const replicas = [await startReplica(protocol), await startReplica(protocol)] as const;
    for (const replica of replicas) clients.use(replica);
    const [leaving, staying] = replicas;
    await using balancer = balance(replicas);
    await eventually(() => assert.ok(leaving.answered > 3 && staying.answered > 3));

    await leaving.stop();
    const before = staying.answered;
    await eventually(() => assert.ok(staying.answered > before + 3));
    assert.deepEqual(balancer.failures, []);
    await assert.rejects(leaving.ask(), "the port is closed");
    await balancer[Symbol.asyncDispose]();
    await staying.stop();
  });
}

/** Sends one request after the other to the replicas in turn that were ready when it last looked. */
function balance(replicas: readonly Replica[]) {
  const failures: unknown[] = [];
  let ready: readonly Replica[] = [];
  let isOver = false;
  const look = async () => {
    const isReady = await Promise.all(
      replicas.map((replica) => replica.look().then(() => true, () => false)),
    );
    ready = replicas.filter((_, index) => isReady[index]);
  };
  const keepLooking = async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const keepAsking = async () => {
    for (let turn = 0; !isOver; turn++) {
      await ready[turn % ready.length]?.ask().catch((error) => failures.push(error));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const done = Promise.all([keepLooking(), keepAsking()]);
  return {
    failures,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await done;
    },
  };
}

type Log = ReturnType<typeof createLogger>;
type At = { readonly host: string; readonly port: number };

function httpDoor(log: Log, at: At) {
  const stopping = new AbortController();
  const readiness = { stores: {}, upstreams: {}, isStopping: () => stopping.signal.aborted };
  const authorize = () => Promise.reject(new Error("no route asks"));
  const app = createApi({ log, authorize, readiness, document: {} });
  return createHttpDoor({ log, handler: app.fetch, ...at, stopping });
}

function grpcDoor(log: Log, at: At) {
  const handlers = handlersOf(AuthService, { login: () => Promise.resolve({ sessionUuid: "" }) });
  return createGrpcDoor({ log, ...at, services: [rpcService(AuthService, handlers)] });
}

function httpClients(target: string) {
  // A new connection for each request, as from many callers: only those can find the port closed.
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const get = async (path: string) => {
    const response = await fetch(`http://${target}${path}`, { client });
    await response.body?.cancel();
    assert.equal(response.status, 200);
  };
  return {
    look: () => get("/readyz"),
    ask: () => get("/healthz"),
    [Symbol.asyncDispose]: () => Promise.resolve(client.close()),
  };
}

function grpcClients(target: string) {
  const probe = createHealthProbe("replica", target);
  return {
    look: () => probe.probe(),
    async ask() {
      await using client = createRawClient(AuthService, target);
      assert.equal(await statusOf(client.login({ login: "", password: "" })), "OK");
    },
    [Symbol.asyncDispose]: () => probe[Symbol.asyncDispose](),
  };
}
