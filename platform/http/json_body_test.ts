import assert from "node:assert/strict";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import fc from "fast-check";
import { runWithRequest } from "../core/request_context.ts";
import { createTestApp } from "../testing/http_app.ts";
import { eventually } from "../testing/eventually.ts";
import { BODY_LIMIT_BYTES, jsonBody, readBody } from "./json_body.ts";
import { serveHttp } from "./server.ts";

const Piece = z.strictObject({ uuid: z.uuid(), count: z.int().min(1) });
const Wish = z.strictObject({
  name: z.string().min(1),
  pieces: z.array(Piece),
  note: z.string().exactOptional(),
});

function createWishApp(onRequest = () => {}) {
  const created = createTestApp();
  created.app.use((_c, next) => (onRequest(), next()));
  created.app.post("/wishes", readBody(), jsonBody(Wish), (c) => c.json(c.req.valid("json")));
  return created;
}

function post(body: BodyInit, headers: Record<string, string> = { "Content-Type": "application/json" }) {
  return createWishApp().app.request("/wishes", { method: "POST", body, headers });
}

const UUID = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";
const VALID = { name: "wing", pieces: [{ uuid: UUID, count: 2 }] };

Deno.test("a valid body reaches the handler as the validator returns it", async () => {
  for (
    const type of ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=UTF-8"]
  ) {
    const response = await post(JSON.stringify(VALID), { "Content-Type": type });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), VALID);
  }
});

for (
  const [name, body] of [
    ["an empty body", ""],
    ["half an object", '{"name": "wi'],
    ["a word", "wing"],
    ["two values", "{} {}"],
    ["a comment", '{"name": "wing", /* */ "pieces": []}'],
    ["bytes that are not UTF-8", Uint8Array.from([0x22, 0xff, 0xfe, 0x22])],
    ["a lone surrogate in UTF-8", Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ] as const
) {
  Deno.test(`a body that is not JSON (${name}) is refused with 400`, async () => {
    const response = await post(body);
    assert.equal(response.status, 400);
    const details = [{ field: "body", message: "must be JSON in UTF-8" }];
    assert.deepEqual(await response.json(), {
      code: 400,
      message: "body: must be JSON in UTF-8",
      reason: "INVALID_ARGUMENT",
      details,
    });
  });
}

for (
  const [name, body, fields] of [
    ["of another type", [1], ["body"]],
    ["null", null, ["body"]],
    ["without its fields", {}, ["name", "pieces"]],
    ["with unknown fields", { ...VALID, colour: 1, size: 2 }, ["colour", "size"]],
    ["with an unknown field deep inside", { name: "a", pieces: [{ uuid: UUID, count: 1, x: 1 }] }, [
      "pieces[0].x",
    ]],
    [
      "with wrong fields of all kinds, at once",
      { name: "", pieces: [{ uuid: "no", count: 0 }, { uuid: UUID, count: 1.5 }, 7], note: null, extra: {} },
      ["name", "pieces[0].uuid", "pieces[0].count", "pieces[1].count", "pieces[2]", "note", "extra"],
    ],
  ] as const
) {
  Deno.test(`a body ${name} is refused, and every broken field is named`, async () => {
    const response = await post(JSON.stringify(body));
    assert.equal(response.status, 400);
    const { code, message, details } = await response.json();
    assert.equal(code, 400);
    assert.deepEqual(details.map(({ field }: { field: string }) => field), fields);
    for (const field of fields) assert.ok(message.includes(`${field}: `), message);
  });
}

Deno.test("a field named __proto__ is an unknown field like any other", async () => {
  const response = await post(`{"name": "wing", "pieces": [], "__proto__": {"note": "x"}}`);
  assert.equal(response.status, 400);
  assert.deepEqual((await response.json()).details, [{
    field: "__proto__",
    message: "is not a known field",
  }]);
});

for (
  const type of [
    undefined,
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "text/json",
  ]
) {
  Deno.test(`a body sent as ${type ?? "no media type"} is refused with 415`, async () => {
    const body = new TextEncoder().encode(JSON.stringify(VALID));
    const response = await post(body, type === undefined ? {} : { "Content-Type": type });
    assert.equal(response.status, 415);
    const message = "the body must be sent as application/json";
    assert.deepEqual(await response.json(), { code: 415, message, reason: "UNSUPPORTED_MEDIA_TYPE" });
  });
}

Deno.test("any bytes are answered with 200 or 400", async () => {
  const { app, captured } = createWishApp();
  const headers = { "Content-Type": "application/json" };
  const texts = fc.oneof(fc.json(), fc.string(), fc.uint8Array());
  await fc.assert(fc.asyncProperty(texts, async (body) => {
    const bytes = typeof body === "string" ? body : Uint8Array.from(body);
    const { status } = await app.request("/wishes", { method: "POST", headers, body: bytes });
    assert.ok(status === 200 || status === 400, String(status));
  }));
  assert.ok(!captured.text().includes("faulted"));
});

/** Builds a valid body of this size. */
function bodyOf(bytes: number): string {
  const empty = JSON.stringify({ name: "", pieces: [] }).length;
  return JSON.stringify({ name: "x".repeat(bytes - empty), pieces: [] });
}

for (const encoding of ["with Content-Length", "in chunks"] as const) {
  Deno.test(`${encoding}, a body of 64 KiB is read, and one byte more is refused with 413`, async () => {
    const { app } = createWishApp();
    const server = await serveHttp(app.fetch, "127.0.0.1", 0);
    for (
      const [bytes, status] of [[BODY_LIMIT_BYTES, 200], [BODY_LIMIT_BYTES + 1, 413], [
        5_000_000,
        413,
      ]] as const
    ) {
      const text = bodyOf(bytes);
      const body = encoding === "in chunks" ? new Blob([text]).stream() : text;
      const headers = { "Content-Type": "application/json" };
      const url = `http://127.0.0.1:${server.port}/wishes`;
      const response = await fetch(url, { method: "POST", headers, body });
      assert.equal(response.status, status);
      const answer = await response.json();
      assert.notEqual(response.headers.get("X-Request-Id"), null);
      if (status === 413) {
        assert.deepEqual(answer, {
          code: 413,
          message: "the body may have 65536 bytes at most",
          reason: "PAYLOAD_TOO_LARGE",
        });
      }
    }
    await server.shutDown(1_000);
  });
}

for (
  const [name, head] of [
    ["before its Content-Length is reached", "Content-Length: 100\r\n\r\n{"],
    ["between chunks", 'Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'],
  ] as const
) {
  Deno.test(`a client that hangs up ${name} is not logged as a fault`, async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { app, captured } = createWishApp(arrive);
    const server = await serveHttp(app.fetch, "127.0.0.1", 0);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const request = `POST /wishes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}`;
    await connection.write(new TextEncoder().encode(request));
    await arrived;
    connection.close();
    await eventually(() => assert.equal(captured.lines.at(-1)?.["msg"], "request answered"));
    assert.deepEqual(captured.lines.map((line) => line["status"]), [400]);
    await server.shutDown(1_000);
  });
}

Deno.test("a body that does not arrive before the request's deadline is refused with 408", async () => {
  const { app } = createTestApp();
  app.post(
    "/wishes",
    (_c, next) => runWithRequest({ requestId: "r-1", deadline: Date.now() + 50 }, next),
    readBody(),
    jsonBody(Wish),
    (c) => c.json(c.req.valid("json")),
  );
  const server = await serveHttp(app.fetch, "127.0.0.1", 0);
  for (const head of ["Content-Length: 57\r\n\r\n{", 'Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n']) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const request = `POST /wishes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${head}`;
    await connection.write(new TextEncoder().encode(request));
    const answer = new Uint8Array(1_024);
    const length = await connection.read(answer) ?? 0;
    assert.match(
      new TextDecoder().decode(answer.subarray(0, length)),
      /^HTTP\/1.1 408 .*\r\nconnection: close\r\n/is,
    );
  }
  await server.shutDown(1_000);
});

Deno.test("a body is not read after the request's deadline", async () => {
  const { app } = createTestApp();
  const late: MiddlewareHandler = (_c, next) => runWithRequest({ requestId: "r-1", deadline: 0 }, next);
  app.post("/wishes", late, readBody(), (c) => c.text("read"));
  assert.equal((await app.request("/wishes", { method: "POST", body: "{}" })).status, 408);
});

Deno.test("a compressed body is refused with 415, which names the encoding that is accepted", async () => {
  for (const encoding of ["gzip", "GZIP", "br", "identity, gzip"]) {
    const headers = { "Content-Type": "application/json", "Content-Encoding": encoding };
    const response = await post(JSON.stringify(VALID), headers);
    assert.equal(response.status, 415);
    assert.equal(response.headers.get("Accept-Encoding"), "identity");
  }
  const identity = { "Content-Type": "application/json", "Content-Encoding": "identity" };
  assert.equal((await post(JSON.stringify(VALID), identity)).status, 200);
});

Deno.test("a body with thousands of broken fields gets an answer that names some and counts the rest", async () => {
  const broken = Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`f${index}`, 1]));
  const response = await post(JSON.stringify({ ...VALID, ...broken }));
  assert.equal(response.status, 400);
  const text = await response.text();
  assert.ok(text.length < 10_000, `${text.length} characters`);
  const { message, details } = JSON.parse(text);
  assert.match(message, new RegExp(`f0: is not a known field; .*; and ${6_000 - details.length} more$`));
});
