import assert from "node:assert/strict";
import { CannotListen } from "../core/cannot_listen.ts";
import { eventually } from "../testing/eventually.ts";
import { beginRequest, HALF_BODY, HALF_HEADERS, readToEnd } from "../testing/half_request.ts";
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

Deno.test("headers and bodies that do not arrive in time are answered with 408, and the connections closed", async () => {
  const server = await serveImpatiently(async (request) => new Response(await request.text()));
  const slow = await Promise.all(
    Array.from({ length: 50 }, (_, n) => beginRequest(server.port, n % 2 === 0 ? HALF_HEADERS : HALF_BODY)),
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
  const connection = await beginRequest(server.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
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
    const connection = await beginRequest(server.port, request("/") + request("/wait"));
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
      await readToEnd(await beginRequest(server.port, begun)),
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
  const answers = await readToEnd(await beginRequest(server.port, ahead(17).join("")));
  assert.deepEqual(answers.match(/(?<=\r\n\r\n)\/\d+/g), Array.from({ length: 17 }, (_, n) => `/${n}`));
  assert.equal(most, 1);

  answered = 0;
  const flood = await beginRequest(server.port, ahead(1_000).join(""));
  await readToEnd(flood).catch(() => {});
  await server.shutDown(GRACE_MS);
  assert.ok(answered <= 1, `${answered} were answered`);
});

Deno.test("connections over a limit are closed unless an unused one gives way", async () => {
  const connections = { inAll: 3, perAddress: 3 };
  const server = await serveHttp(() => new Response("here"), "127.0.0.1", 0, { connections });
  const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const [unused, ...used] = await Promise.all(
    ["", request, request].map((text) => beginRequest(server.port, text)),
  );
  for (const connection of used) assert.ok(await connection.read(new Uint8Array(1_000)));

  const third = await beginRequest(server.port, request);
  assert.ok(await third.read(new Uint8Array(1_000)));
  assert.equal(await unused?.read(new Uint8Array(1)), null);

  const fourth = await beginRequest(server.port, request);
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
  const slow = await beginRequest(server.port, HALF_HEADERS);
  assert.match(await readToEnd(slow), /^HTTP\/1\.1 408 /);
  finish("done");
  assert.equal(await (await inFlight).text(), "done");
  await server.shutDown(GRACE_MS);
});

/** A server that gives its clients little time. */
function serveImpatiently(handler: HttpHandler): Promise<HttpServer> {
  return serveHttp(handler, "127.0.0.1", 0, { headersMs: 100, requestMs: 200, checkMs: 20 });
}
