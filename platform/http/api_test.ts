import assert from "node:assert/strict";
import { createTestApp } from "../testing/http_app.ts";

function createOrdersApp() {
  const { app } = createTestApp({
    authorize: () => Promise.resolve({ kind: "service" }),
  });
  app.post("/api/orders", (c) => c.text("placed"));
  app.get("/api/orders/:order", (c) => c.text(c.req.param("order")));
  app.post("/api/orders/:order/pay", (c) => c.text("paid"));
  app.delete("/api/orders/:order", (c) => c.text("gone"));
  return app;
}

for (
  const [method, path, allow] of [
    ["GET", "/api/orders", "POST"],
    ["OPTIONS", "/api/orders", "POST"],
    ["PUT", "/api/orders/7", "DELETE, GET, HEAD"],
    ["GET", "/api/orders/7/pay", "POST"],
    ["BREW", "/api/orders", "POST"],
  ] as const
) {
  Deno.test(`${method} ${path} is refused with 405 and Allow: ${allow}`, async () => {
    const response = await createOrdersApp().request(path, { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("Allow"), allow);
    assert.deepEqual(await response.json(), {
      code: 405,
      message: `${method} is not allowed here; ${allow} is`,
      reason: "METHOD_NOT_ALLOWED",
    });
    assert.notEqual(response.headers.get("X-Request-Id"), null);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
  });
}

for (
  const [method, path] of [
    ["POST", "/api/orders"],
    ["GET", "/api/orders/7"],
    ["HEAD", "/api/orders/7"],
    ["DELETE", "/api/orders/7"],
    ["POST", "/api/orders/7/pay"],
  ] as const
) {
  Deno.test(`${method} ${path} is served`, async () => {
    assert.equal((await createOrdersApp().request(path, { method })).status, 200);
  });
}

Deno.test("a path that does not exist is still 404 for every method", async () => {
  for (const method of ["GET", "POST"]) {
    assert.equal((await createOrdersApp().request("/api/parts", { method })).status, 404);
  }
});

Deno.test("every API requires a session under /api, and has open health routes and documentation", async () => {
  const { app } = createTestApp({ document: { info: { title: "Wishes" } } });
  app.get("/api/v1/wishes", (c) => c.text("yours"));
  const statuses = {
    "/api/v1/wishes": 401,
    "/api/nothing": 401,
    "/healthz": 200,
    "/readyz": 200,
    "/nothing": 404,
  };
  for (const [path, status] of Object.entries(statuses)) {
    const { headers, status: answered } = await app.request(path);
    assert.equal(answered, status, path);
    assert.equal(headers.get("Cache-Control"), "no-store", path);
    assert.match(headers.get("X-Request-Id") ?? "", /^[0-9a-f-]{36}$/, path);
  }
  assert.deepEqual(await (await app.request("/openapi.json")).json(), { info: { title: "Wishes" } });
  assert.match(await (await app.request("/docs")).text(), /<title>Wishes<\/title>/);
});
