import assert from "node:assert/strict";
import { CannotListen } from "../core/cannot_listen.ts";
import { serveHttp } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

Deno.test("a server listens on IPv4 and IPv6, and on a free port if the port is 0", async () => {
  for (
    const [host, urlHost] of [["127.0.0.1", "127.0.0.1"], ["::1", "[::1]"], [
      "localhost",
      "localhost",
    ]] as const
  ) {
    const server = serveHttp(() => new Response("here"), host, 0);
    assert.equal(await (await fetch(`http://${urlHost}:${server.port}/`)).text(), "here");
    await server.shutDown(1_000);
  }
});

Deno.test("a taken port is an error that names host and port, and the first server keeps the port", async () => {
  const first = serveHttp(() => new Response("first"), "127.0.0.1", 0);
  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    assert.throws(() => serveHttp(() => new Response("second"), host, first.port), (error: unknown) => {
      assert.ok(error instanceof CannotListen);
      assert.match(
        error.message,
        new RegExp(`^can't listen on ${host}:${first.port}: another process has the port$`),
      );
      return true;
    });
  }
  assert.equal(await (await fetch(`http://127.0.0.1:${first.port}/`)).text(), "first");
  await first.shutDown(1_000);
});

Deno.test("a shutdown finishes requests in progress, and accepts no new ones", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  const server = serveHttp(async () => (arrive(), new Response(await work)), "127.0.0.1", 0);
  const url = `http://127.0.0.1:${server.port}/`;
  const inFlight = fetch(url);
  await arrived;
  const shutDown = server.shutDown(5_000);
  await assert.rejects(fetch(url), TypeError);
  finish("done");
  assert.equal(await (await inFlight).text(), "done");
  await shutDown;
});

Deno.test("a shutdown does not wait for idle connections", async () => {
  const server = serveHttp(() => new Response("here"), "127.0.0.1", 0);
  await (await fetch(`http://127.0.0.1:${server.port}/`)).text();
  const startedAt = performance.now();
  await server.shutDown(GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
});

Deno.test("a shutdown does not wait longer than the grace period for a request that never ends", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  const server = serveHttp(async () => (arrive(), new Response(await work)), "127.0.0.1", 0);
  const inFlight = fetch(`http://127.0.0.1:${server.port}/`);
  await arrived;
  await server.shutDown(100);
  // In a service the process would end here; the test must not leave the request open.
  finish("late");
  await (await inFlight).text();
});
