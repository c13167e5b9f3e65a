import assert from "node:assert/strict";
import { serveHttp } from "./server.ts";

for (
  const [what, sent, status, reason] of [
    [
      "too long",
      `GET /?${"x".repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      431,
      "REQUEST_HEADER_FIELDS_TOO_LARGE",
    ],
    ["not HTTP", "garbage\r\n\r\n", 400, "BAD_REQUEST"],
    ["not there in time", "GET / HTTP/1.1\r\nHost: a\r\n", 408, "REQUEST_TIMEOUT"],
  ] as const
) {
  Deno.test(`a request that is ${what} is answered like every other error, and its connection closed`, async () => {
    const limits = { headersMs: 50, requestMs: 60, checkMs: 10 };
    const server = await serveHttp(() => new Response("here"), "127.0.0.1", 0, limits);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await connection.write(new TextEncoder().encode(sent));
    const answer = await new Response(connection.readable).text();
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    for (const header of ["Cache-Control: no-store", "Connection: close"]) assert.ok(answer.includes(header));
    assert.match(answer, /\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
    const body = JSON.parse(answer.split("\r\n\r\n")[1] ?? "");
    assert.deepEqual([body.code, body.reason], [status, reason]);
    await server.shutDown(1_000);
  });
}
