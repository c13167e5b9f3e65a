import assert from "node:assert/strict";
import { beginRequest, HALF_BODY, HALF_HEADERS, readToEnd } from "../testing/half_request.ts";
import { serveHttp } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

Deno.test("a shutdown finishes requests in progress, and accepts no new ones", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  const server = await serveHttp(async () => (arrive(), new Response(await work)), "127.0.0.1", 0);
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
  const server = await serveHttp(() => new Response("here"), "127.0.0.1", 0);
  await (await fetch(`http://127.0.0.1:${server.port}/`)).text();
  const startedAt = performance.now();
  await server.shutDown(GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
});

for (const graceMs of [100, 0]) {
  Deno.test(`a shutdown does not wait longer than ${graceMs} ms for a request that never ends`, async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: work, resolve: finish } = Promise.withResolvers<string>();
    const server = await serveHttp(async () => (arrive(), new Response(await work)), "127.0.0.1", 0);
    const inFlight = fetch(`http://127.0.0.1:${server.port}/`);
    await arrived;
    await server.shutDown(graceMs);
    // In a service the process would end here; the test must not leave the request open.
    finish("late");
    await (await inFlight).text();
  });
}

Deno.test("a shutdown does not wait for requests that have not arrived, nor for answers that are not read", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const server = await serveHttp(
    async (request) => {
      if (request.url.endsWith("/unread")) arrive();
      // More than the kernel takes for the client.
      return new Response(await request.text() + "x".repeat(20_000_000));
    },
    "127.0.0.1",
    0,
  );
  const UNREAD = "GET /unread HTTP/1.1\r\nHost: x\r\n\r\n";
  const slow = await Promise.all(
    ["", HALF_HEADERS, HALF_BODY, UNREAD].map((text) => beginRequest(server.port, text)),
  );
  await (await fetch(`http://127.0.0.1:${server.port}/`)).text();
  await arrived;
  const startedAt = performance.now();
  await server.shutDown(GRACE_MS);
  // Sooner than the server would find the unread answer without a stop.
  assert.ok(performance.now() - startedAt < 25_000);
  for (const connection of slow) connection.close();
});

Deno.test("a shutdown cuts none of the requests that have begun, at whatever point they are", async () => {
  const PIECE = "x".repeat(100_000);
  const { promise: stopping, resolve: stop } = Promise.withResolvers<void>();
  const { promise: allArrived, resolve: arrive } = Promise.withResolvers<void>();
  let arrived = 0;
  const server = await serveHttp(
    async ({ url }) => {
      if (++arrived === 64) arrive();
      if (url.endsWith("/first")) return new Response("first");
      if (url.endsWith("/answered")) return new Response(PIECE);
      if (url.endsWith("/waiting")) await stopping;
      const body = new ReadableStream<string>({
        async start(controller) {
          controller.enqueue(PIECE);
          await stopping;
          controller.enqueue(PIECE);
          controller.close();
        },
      });
      return new Response(body.pipeThrough(new TextEncoderStream()));
    },
    "127.0.0.1",
    0,
  );
  const sixteen = <T>(start: () => T) => Array.from({ length: 16 }, start);
  const lengths = (path: string) =>
    sixteen(async () => (await (await fetch(`http://127.0.0.1:${server.port}/${path}`)).text()).length);

  const arriving = await Promise.all(sixteen(() => beginRequest(server.port, HALF_HEADERS)));
  const kept = await Promise.all(
    sixteen(() => beginRequest(server.port, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n")),
  );
  for (const connection of kept) await connection.read(new Uint8Array(1_000));
  const [waiting, streaming, answered] = [lengths("waiting"), lengths("streaming"), lengths("answered")];
  await allArrived;
  // Sent before the stop, but not read by the server yet.
  const sent = [
    ...arriving.map((connection) => connection.write(new TextEncoder().encode("A: b\r\n\r\n"))),
    ...kept.map((connection) => connection.write(new TextEncoder().encode(`${HALF_HEADERS}A: b\r\n\r\n`))),
  ];
  await Promise.all(sent);
  const stopped = server.shutDown(GRACE_MS);
  stop();

  assert.deepEqual(await Promise.all(answered), sixteen(() => PIECE.length));
  assert.deepEqual(await Promise.all([...waiting, ...streaming]), Array(32).fill(2 * PIECE.length));
  for (const answer of await Promise.all([...arriving, ...kept].map(readToEnd))) {
    assert.match(answer, /^HTTP\/1\.1 200 .*\r\nconnection: close\r\n.*\r\n0\r\n\r\n$/is);
  }
  await stopped;
});
