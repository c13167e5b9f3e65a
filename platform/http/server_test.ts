import assert from "node:assert/strict";
import { CannotListen } from "../core/cannot_listen.ts";
import { eventually } from "../testing/eventually.ts";
import { type HttpHandler, type HttpServer, serveHttp } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

Deno.test("a server listens on IPv4 and IPv6, and on a free port if the port is 0", async () => {
  for (
    const [host, urlHost] of [["127.0.0.1", "127.0.0.1"], ["::1", "[::1]"], [
      "localhost",
      "localhost",
    ]] as const
  ) {
    const server = await serveHttp(() => new Response("here"), host, 0);
    assert.equal(await (await fetch(`http://${urlHost}:${server.port}/`)).text(), "here");
    await server.shutDown(1_000);
  }
});

Deno.test("a taken port is an error that names host and port, and the first server keeps the port", async () => {
  const first = await serveHttp(() => new Response("first"), "127.0.0.1", 0);
  for (const host of ["127.0.0.1", "0.0.0.0"]) {
    await assert.rejects(serveHttp(() => new Response("second"), host, first.port), (error: unknown) => {
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

Deno.test("a shutdown does not wait longer than the grace period for a request that never ends", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  const server = await serveHttp(async () => (arrive(), new Response(await work)), "127.0.0.1", 0);
  const inFlight = fetch(`http://127.0.0.1:${server.port}/`);
  await arrived;
  await server.shutDown(100);
  // In a service the process would end here; the test must not leave the request open.
  finish("late");
  await (await inFlight).text();
});

/** Opens a connection and sends the beginning of a request, or nothing. */
async function begin(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(encode(text));
  return connection;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads until the server closes the connection. */
async function readToEnd(connection: Deno.TcpConn): Promise<string> {
  return await new Response(connection.readable).text();
}

const HALF_HEADERS = "GET / HTTP/1.1\r\nHost: x\r\nX-";
const HALF_BODY = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{";

/** A server that gives its clients little time. */
function serveImpatiently(handler: HttpHandler): Promise<HttpServer> {
  return serveHttp(handler, "127.0.0.1", 0, { headersMs: 100, requestMs: 200, checkMs: 20 });
}

Deno.test("headers and bodies that do not arrive in time are answered with 408, and the connections closed", async () => {
  const server = await serveImpatiently(async (request) => new Response(await request.text()));
  const slow = await Promise.all(
    Array.from({ length: 50 }, (_, n) => begin(server.port, n % 2 === 0 ? HALF_HEADERS : HALF_BODY)),
  );
  for (const answer of await Promise.all(slow.map(readToEnd))) assert.match(answer, /^HTTP\/1\.1 408 /);
  await server.shutDown(GRACE_MS);
});

Deno.test("an answer may take longer than a request may take to arrive", async () => {
  let ticks = 0;
  const server = await serveImpatiently(() => {
    const body = new ReadableStream<string>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        controller.enqueue(`${++ticks} `);
        if (ticks === 10) controller.close();
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()));
  });
  const answer = await fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "whole" });
  assert.equal(await answer.text(), "1 2 3 4 5 6 7 8 9 10 ");
  await server.shutDown(GRACE_MS);
});

Deno.test("an answer that its client does not read is ended", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  // More than the kernel takes for the client.
  const answer = new Uint8Array(20_000_000);
  const server = await serveHttp(() => (arrive(), new Response(answer)), "127.0.0.1", 0, { silentMs: 200 });
  const connection = await begin(server.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await arrived;
  const startedAt = performance.now();
  await server.shutDown(GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
  connection.close();
});

for (const method of ["GET", "POST"]) {
  Deno.test(`the signal of a ${method} is aborted when its client hangs up, and not by its answer`, async () => {
    const signals: AbortSignal[] = [];
    const { promise: work, resolve: finish } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const server = await serveHttp(
      async (request) => {
        signals.push(request.signal);
        if (request.url.endsWith("/wait")) {
          arrive();
          await work;
        }
        return new Response("here");
      },
      "127.0.0.1",
      0,
    );
    const request = (path: string) => `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`;
    const connection = await begin(server.port, request("/") + request("/wait"));
    await arrived;
    assert.deepEqual(signals.map(({ aborted }) => aborted), [false, false]);
    connection.close();
    await eventually(() => assert.deepEqual(signals.map(({ aborted }) => aborted), [false, true]));
    finish();
    await server.shutDown(GRACE_MS);
  });
}

for (const begun of [HALF_BODY, HALF_BODY.replace("POST", "GET")]) {
  const method = begun.split(" ")[0];
  Deno.test(`a ${method} that is answered before it has arrived loses its connection, others keep theirs`, async () => {
    const server = await serveHttp(() => new Response("here"), "127.0.0.1", 0);
    assert.match(
      await readToEnd(await begin(server.port, begun)),
      /^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is,
    );
    const whole = await fetch(`http://127.0.0.1:${server.port}/`, { method: "POST", body: "whole" });
    assert.equal(whole.headers.get("Connection"), "keep-alive");
    await whole.body?.cancel();
    await server.shutDown(GRACE_MS);
  });
}

Deno.test("requests with a body are standard ones, and the global Request and Response are Deno's own", async () => {
  const { Request, Response } = globalThis;
  const server = await serveHttp(
    async (request) => {
      const copy = new Request(request, { body: `${await request.text()}, changed` });
      return new Response(`${copy.method} ${copy.url} ${copy.headers.get("X-Name")} ${await copy.text()}`);
    },
    "127.0.0.1",
    0,
  );
  const url = `http://127.0.0.1:${server.port}/`;
  const answer = await fetch(url, { method: "POST", body: "text", headers: { "X-Name": "name" } });
  assert.equal(await answer.text(), `POST ${url} name text, changed`);
  assert.deepEqual([globalThis.Request, globalThis.Response], [Request, Response]);
  await server.shutDown(GRACE_MS);
});

Deno.test("requests that are sent ahead are answered one after the other, and too many end the connection", async () => {
  let most = 0;
  let atOnce = 0;
  let answered = 0;
  const server = await serveHttp(
    async ({ url }) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 1));
      atOnce--;
      answered++;
      return new Response(new URL(url).pathname);
    },
    "127.0.0.1",
    0,
  );
  const ahead = (count: number) =>
    Array.from(
      { length: count },
      (_, n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n${n === count - 1 ? "Connection: close\r\n" : ""}\r\n`,
    );
  const answers = await readToEnd(await begin(server.port, ahead(17).join("")));
  assert.deepEqual(answers.match(/(?<=\r\n\r\n)\/\d+/g), Array.from({ length: 17 }, (_, n) => `/${n}`));
  assert.equal(most, 1);

  answered = 0;
  const flood = await begin(server.port, ahead(1_000).join(""));
  await readToEnd(flood).catch(() => {});
  await server.shutDown(GRACE_MS);
  assert.ok(answered <= 1, `${answered} were answered`);
});

Deno.test("connections over a limit are closed unless an unused one gives way", async () => {
  const connections = { inAll: 3, perAddress: 3 };
  const server = await serveHttp(() => new Response("here"), "127.0.0.1", 0, { connections });
  const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const [unused, ...used] = await Promise.all(["", request, request].map((text) => begin(server.port, text)));
  for (const connection of used) assert.ok(await connection.read(new Uint8Array(1_000)));

  const third = await begin(server.port, request);
  assert.ok(await third.read(new Uint8Array(1_000)));
  assert.equal(await unused?.read(new Uint8Array(1)), null);

  const fourth = await begin(server.port, request);
  assert.equal(await fourth.read(new Uint8Array(1)).catch(() => null), null);
  await server.shutDown(GRACE_MS);
  for (const connection of [unused, ...used, third, fourth]) connection?.close();
});

Deno.test("a reopened port keeps its connections, and ends slow requests as before", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  const server = await serveImpatiently(async () => (arrive(), new Response(await work)));
  const inFlight = fetch(`http://127.0.0.1:${server.port}/`);
  await arrived;
  await server.reopen();
  const slow = await begin(server.port, HALF_HEADERS);
  assert.match(await readToEnd(slow), /^HTTP\/1\.1 408 /);
  finish("done");
  assert.equal(await (await inFlight).text(), "done");
  await server.shutDown(GRACE_MS);
});

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
    ["", HALF_HEADERS, HALF_BODY, UNREAD].map((text) => begin(server.port, text)),
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

  const arriving = await Promise.all(sixteen(() => begin(server.port, HALF_HEADERS)));
  const kept = await Promise.all(sixteen(() => begin(server.port, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n")));
  for (const connection of kept) await connection.read(new Uint8Array(1_000));
  const [waiting, streaming, answered] = [lengths("waiting"), lengths("streaming"), lengths("answered")];
  await allArrived;
  // Sent before the stop, but not read by the server yet.
  const sent = [
    ...arriving.map((connection) => connection.write(encode("A: b\r\n\r\n"))),
    ...kept.map((connection) => connection.write(encode(`${HALF_HEADERS}A: b\r\n\r\n`))),
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
