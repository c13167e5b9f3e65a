import assert from "node:assert/strict";
import { createLoadShedder } from "../core/load_shedder.ts";
import { eventually } from "../testing/eventually.ts";
import { createTestApp } from "../testing/http_app.ts";
import { readBody } from "./json_body.ts";

/** An app with one place of each kind, whose `GET` does not answer until it is told to. */
function arrange() {
  const limit = { inFlight: 1, waiting: 0 };
  const { promise: answer, resolve: release } = Promise.withResolvers<void>();
  let authorized = 0;
  const { app, captured } = createTestApp({
    authorize: () => {
      authorized++;
      return Promise.resolve({ kind: "service" });
    },
    shedder: createLoadShedder({ "session check": limit, read: limit, write: limit, hash: limit }),
  });
  app.get("/api/orders", async (c) => {
    await answer;
    return c.text("orders");
  });
  app.post("/api/orders", readBody(), (c) => c.text("placed"));
  return { app, captured, release, authorized: () => authorized };
}

Deno.test("a request too many is 503 with Retry-After, before its caller is known", async () => {
  const { app, captured, release, authorized } = arrange();
  const first = app.request("/api/orders");
  const refused = await app.request("/api/orders");
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("Retry-After"), "1");
  assert.equal((await refused.json()).reason, "OVERLOADED");
  assert.equal(authorized(), 1);
  release();
  assert.equal((await first).status, 200);
  assert.equal((await app.request("/api/orders")).status, 200, "there is a place again");
  assert.deepEqual(captured.lines.filter(({ refused }) => refused !== undefined).length, 1);
});

Deno.test("writes and health are answered while there are too many reads", async () => {
  const { app, release } = arrange();
  const first = app.request("/api/orders");
  assert.equal((await app.request("/api/orders", { method: "POST", body: "{}" })).status, 200);
  assert.equal((await app.request("/readyz")).status, 200);
  release();
  await first;
});

Deno.test("requests whose bodies have not arrived take no place", async () => {
  const { app } = arrange();
  let end = () => {};
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      end = () => controller.close();
    },
  });
  const slow = app.request("/api/orders", { method: "POST", body });
  await eventually(async () => {
    assert.equal((await app.request("/api/orders", { method: "POST", body: "{}" })).status, 200);
  });
  end();
  assert.equal((await slow).status, 200);
});
