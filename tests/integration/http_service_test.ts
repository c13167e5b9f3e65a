import { startBacking } from "@rocket/dev";
import { CannotListen } from "@rocket/platform/core";
import { addHealthRoutes, createHttpDoor } from "@rocket/platform/http";
import { migrate, MigrationFailed } from "@rocket/platform/postgres";
import { type ServiceParts, startService } from "@rocket/platform/service";
import { Hono } from "hono";
import assert from "node:assert/strict";
import pino from "pino";

Deno.test("an HTTP service from start to stop", async (t) => {
  await using backing = await startBacking({
    databases: ["http_service"],
    stores: ["postgres"],
    env: Deno.env.toObject(),
  });
  const url = backing.postgresUrls["http_service"] ?? "";
  const setUp = createParts;

  await t.step("it listens once its stores answer", async () => {
    let asked = 0;
    const starts = () => ++asked < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve();
    const { parts, address } = setUp({ stores: { store: starts } });
    await using _running = await startService(parts);
    assert.ok(asked >= 3);
    assert.equal((await ask(address(), "/readyz")).status, 200);
  });

  await t.step("a failed start closes everything it opened and does not listen", async () => {
    await using broken = await migrations({ "001_broken.ts": "export const up = (sql) => sql`no sql`;" });
    const prepare = async () =>
      void await migrate({ url, directory: broken.path, log: pino({ level: "silent" }) });
    const failing = setUp({ prepare });
    await assert.rejects(startService(failing.parts), MigrationFailed);
    assert.deepEqual(failing.events, ["stores closed"]);

    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const second = setUp({}, taken.addr.port);
    await assert.rejects(startService(second.parts), CannotListen);
    assert.deepEqual(second.events, ["stores closed"]);
  });

  await t.step("when it stops, it is no longer ready, and still answers accepted requests", async () => {
    const { parts, address, events, slow } = setUp();
    const running = await startService(parts);
    const inFlight = ask(address(), "/slow");
    await slow.started;

    const stopped = running[Symbol.asyncDispose]().then(() => events.push("stopped"));
    const readiness = await ask(address(), "/readyz");
    assert.equal(readiness.status, 503);
    assert.equal(readiness.headers.get("Connection"), "close");
    assert.deepEqual(events, []);

    slow.finish();
    assert.equal((await inFlight).status, 200);
    await stopped;
    assert.deepEqual(events, ["stores closed", "stopped"]);
    await assert.rejects(ask(address(), "/readyz"), TypeError);
  });

  await t.step("clients that respect readiness lose no request while it stops", async () => {
    const { parts, address } = setUp();
    const running = await startService(parts);
    const clients = Array.from({ length: 16 }, () => useWhileReady(address()));
    await Promise.all(clients.map(({ started }) => started));
    await running[Symbol.asyncDispose]();
    await Promise.all(clients.map(({ done }) => done));
  });

  await t.step("a request that never ends does not delay the stop beyond the shutdown timeout", async () => {
    const { parts, address, slow, events } = setUp({
      config: { shutdownTimeoutMs: 400, shutdownDelayMs: 0 },
    });
    const running = await startService(parts);
    const inFlight = ask(address(), "/slow");
    await slow.started;
    await running[Symbol.asyncDispose]();
    assert.deepEqual(events, ["stores closed"]);
    slow.finish();
    await inFlight;
  });
});

/** Parts of a service with a route that answers on request. */
function createParts(changes: Partial<ServiceParts> = {}, port = 0) {
  const events: string[] = [];
  const stopping = new AbortController();
  const started = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const app = new Hono();
  app.get("/slow", async (c) => {
    started.resolve();
    await finished.promise;
    return c.text("at last");
  });
  addHealthRoutes(app, { stores: {}, upstreams: {}, isStopping: () => stopping.signal.aborted });
  let address = "";
  const output = {
    write(line: string) {
      const entry: { msg: string; address?: string } = JSON.parse(line);
      if (entry.msg === "ready") address = `http://${entry.address}`;
    },
  };
  const log = pino({}, output);
  const parts: ServiceParts = {
    log,
    doors: [createHttpDoor({ log, handler: app.fetch, host: "127.0.0.1", port, stopping })],
    config: { shutdownTimeoutMs: 10_000, shutdownDelayMs: 0 },
    owned: { [Symbol.asyncDispose]: () => Promise.resolve(void events.push("stores closed")) },
    ...changes,
  };
  const slow = { started: started.promise, finish: () => finished.resolve() };
  return { parts, events, slow, address: () => address };
}

/** Opens a new connection for each request: a kept-alive one could hide that the port is closed. */
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });

async function ask(address: string, path: string): Promise<Response> {
  const response = await fetch(address + path, { client });
  await response.body?.cancel();
  return response;
}

/** Sends requests, one after another, until the service is no longer ready or its port is closed. */
function useWhileReady(address: string): { readonly started: Promise<void>; readonly done: Promise<void> } {
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const use = async () => {
    try {
      while ((await ask(address, "/readyz")).status === 200) {
        assert.equal((await ask(address, "/healthz")).status, 200);
        resolve();
      }
    } catch (error) {
      // A request that finds the port closed is not lost; one that ends in any other way is.
      if (!Deno.inspect(error).includes("Connection refused")) throw error;
    }
  };
  return { started, done: use() };
}

async function migrations(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${path}/${name}`, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
