import assert from "node:assert/strict";
import { createLoadShedder } from "../core/load_shedder.ts";
import { captureLog } from "../testing/captured_log.ts";
import { eventually } from "../testing/eventually.ts";
import { createTestApp } from "../testing/http_app.ts";
import { readBody } from "./json_body.ts";
import { createRequestShedder } from "./request_shedder.ts";
import { serveHttp } from "./server.ts";

const SHOP = "https://shop.example.com";

/** Serves an app with one place of each kind; a `GET` is not answered until the test says so. */
async function serve(waiting: 0 | 1 = 0) {
  const limit = { inFlight: 1, waiting };
  const shedder = createLoadShedder({ "session check": limit, read: limit, write: limit, hash: limit });
  const { promise: answer, resolve: release } = Promise.withResolvers<void>();
  let reading = 0;
  const { app, captured } = createTestApp({ authorize: () => Promise.resolve({ kind: "service" }) });
  app.get("/api/orders", async (c) => {
    reading++;
    await answer;
    return c.text("orders");
  });
  app.get("/api/stream", (c) => c.body(new ReadableStream()));
  app.post("/api/orders", readBody(), (c) => c.text("placed"));
  app.get("/api/whoami", (c) => c.text("me"));
  const { log, lines } = captureLog();
  const work = { "GET /api/whoami": "session check" } as const;
  const shed = createRequestShedder({ log, shedder, work, corsOrigins: [SHOP] });
  const server = await serveHttp(app.fetch, "127.0.0.1", 0, {}, shed);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    captured,
    lines,
    release,
    /** Waits until a read has its place. */
    isReading: () => eventually(() => assert.equal(reading, 1)),
    async ask(path = "/api/orders", init: RequestInit = {}) {
      const answer = await fetch(`${url}${path}`, init);
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    },
    [Symbol.asyncDispose]: () => server.shutDown(1_000),
  };
}

Deno.test("a request too many is 503 with the headers of every answer, and the app does not see it", async () => {
  await using door = await serve();
  const first = door.ask();
  await door.isReading();
  const headers = { "X-Request-Id": "mine", Origin: SHOP };
  const refused = await door.ask("/api/orders?page=2", { headers });
  assert.equal(refused.status, 503);
  assert.equal(JSON.parse(refused.text).reason, "OVERLOADED");
  for (
    const [name, value] of [
      ["Retry-After", "1"],
      ["X-Request-Id", "mine"],
      ["Cache-Control", "no-store"],
      ["X-Content-Type-Options", "nosniff"],
      ["Access-Control-Allow-Origin", SHOP],
    ] as const
  ) assert.equal(refused.headers.get(name), value, name);
  assert.equal((await door.ask()).headers.get("Access-Control-Allow-Origin"), null);
  door.release();
  assert.equal((await first).status, 200);
  assert.equal((await door.ask()).status, 200, "there is a place again");
  assert.equal(door.captured.lines.filter(({ status }) => status === 503).length, 0);
  assert.ok(door.lines.some(({ refused }) => refused !== undefined));
});

Deno.test("an answer that is still being sent has no place", async () => {
  await using door = await serve();
  const streamed = await fetch(`${door.url}/api/stream`);
  door.release();
  assert.equal((await door.ask()).status, 200);
  await streamed.body?.cancel();
});

Deno.test("session checks, writes and health are answered while there are too many reads", async () => {
  await using door = await serve();
  const first = door.ask();
  await door.isReading();
  assert.equal((await door.ask("/api/whoami")).status, 200);
  assert.equal((await door.ask("/api/orders", { method: "POST", body: "{}" })).status, 200);
  assert.equal((await door.ask("/readyz")).status, 200);
  assert.equal((await door.ask()).status, 503);
  door.release();
  await first;
});

Deno.test("a request that waits is answered once there is a place", async () => {
  await using door = await serve(1);
  const first = door.ask();
  await door.isReading();
  const second = door.ask();
  door.release();
  assert.deepEqual([(await first).status, (await second).status], [200, 200]);
});

Deno.test("requests whose bodies have not arrived take no place", async () => {
  await using door = await serve();
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
  const writer = writable.getWriter();
  const slow = door.ask("/api/orders", { method: "POST", body: readable });
  await writer.write(new TextEncoder().encode("{"));
  assert.equal((await door.ask("/api/orders", { method: "POST", body: "{}" })).status, 200);
  await writer.close();
  assert.equal((await slow).status, 200);
});

Deno.test("a request whose client has gone gives its place back", async () => {
  await using door = await serve();
  const client = new AbortController();
  const gone = door.ask("/api/orders", { signal: client.signal });
  await door.isReading();
  client.abort();
  await assert.rejects(gone);
  door.release();
  await eventually(async () => assert.equal((await door.ask()).status, 200));
});
