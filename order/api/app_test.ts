import assert from "node:assert/strict";
import { orderDocument } from "@rocket/proto/order";
import { Unavailable } from "@rocket/platform/core";
import { anOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, SESSION_UUID } from "../testing/order_app.ts";
import type { OrderAppParts } from "./app.ts";

const { orderUuid } = anOrder();

Deno.test("without a valid session, everything under /api is 401, even unknown paths", async () => {
  const app = createAppOver();
  for (const session of [undefined, "", "x", crypto.randomUUID(), `${SESSION_UUID}, ${SESSION_UUID}`]) {
    const headers = { "Content-Type": "application/json", ...(session && { "X-Session-Uuid": session }) };
    for (const path of ["/api", ORDERS, `${ORDERS}/${orderUuid}`, "/api/v2", `${ORDERS}/`]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const init = { method, headers, ...(method === "POST" && { body: "{}" }) };
        await assertError(await app.request(path, init), 401);
      }
    }
  }
});

Deno.test("the routes under /api are the operations in the document", () => {
  const routes = createAppOver().routes
    .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/"))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  // The document is typed as plain JSON; generating it checks that it is OpenAPI.
  const paths = orderDocument["paths"] as Readonly<Record<string, object>>;
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual([...new Set(routes)].toSorted(), documented.toSorted());
});

const OPEN = ["/healthz", "/readyz", "/openapi.json", "/docs"] as const;

Deno.test("health, the document and its docs page need no session", async () => {
  for (const path of OPEN) assert.equal((await createAppOver().request(path)).status, 200, path);
});

for (
  const [status, method, path, headers] of [
    ...OPEN.map((path) => [200, "GET", path, {}] as const),
    [200, "HEAD", "/docs", {}],
    [304, "GET", "/docs", { "If-None-Match": "*" }],
    [304, "GET", "/openapi.json", { "If-None-Match": "*" }],
    [401, "GET", ORDERS, {}],
    [404, "GET", "/nowhere", {}],
    [404, "GET", "/docs/nothing.js", {}],
    [404, "GET", `${ORDERS}/${orderUuid}/fly`, { "X-Session-Uuid": SESSION_UUID }],
    [405, "POST", "/docs", {}],
    [405, "DELETE", ORDERS, { "X-Session-Uuid": SESSION_UUID }],
  ] as const
) {
  Deno.test(`${method} ${path} is ${status}, with the caller's request id or a new one`, async () => {
    const idOf = async (offered: Readonly<Record<string, string>>) => {
      const init = { method, headers: { ...headers, ...offered } };
      const response = await createAppOver().request(path, init);
      await response.body?.cancel();
      assert.equal(response.status, status);
      return response.headers.get("X-Request-Id") ?? "";
    };
    assert.equal(await idOf({ "X-Request-Id": "checkout-42" }), "checkout-42");
    for (const offered of [{}, { "X-Request-Id": "not one: of ours" }]) {
      assert.match(await idOf(offered), /^[A-Za-z0-9_-]{1,64}$/);
    }
  });
}

Deno.test("an unknown path is 404", async () => {
  for (const path of ["/", "/api", "/api/v1", `${ORDERS}/`, `${ORDERS}/${orderUuid}/fly`]) {
    await assertError(await askInSession(createAppOver(), "GET", path), 404);
  }
});

for (
  const [method, path, allow] of [
    ["DELETE", ORDERS, "GET, HEAD, POST"],
    ["GET", `${ORDERS}/${orderUuid}/pay`, "POST"],
    ["PUT", `${ORDERS}/${orderUuid}/cancel`, "POST"],
    ["DELETE", `${ORDERS}/${orderUuid}`, "GET, HEAD"],
    ["POST", `${ORDERS}/${orderUuid}`, "GET, HEAD"],
    ["POST", "/readyz", "GET, HEAD"],
  ] as const
) {
  Deno.test(`${method} ${path} is 405 and allows ${allow}`, async () => {
    const response = await askInSession(createAppOver(), method, path);
    await assertError(response, 405);
    assert.equal(response.headers.get("Allow"), allow);
  });
}

Deno.test("readiness depends on the stores, and only reports the upstreams", async () => {
  const down = () => Promise.reject(new Unavailable("it"));
  const up = () => Promise.resolve();
  const ready = async (stores: OrderAppParts["readiness"]["stores"], isStopping = false) => {
    const readiness = { stores, upstreams: { iam: up, inventory: down }, isStopping: () => isStopping };
    const response = await createAppOver({ readiness }).request("/readyz");
    return [response.status, await response.json()];
  };
  const upstreams = { iam: "up", inventory: "down" };
  assert.deepEqual(await ready({ postgres: up }), [200, {
    status: "ready",
    stores: { postgres: "up" },
    upstreams,
  }]);
  assert.deepEqual(await ready({ postgres: down }), [
    503,
    { status: "not ready", stores: { postgres: "down" }, upstreams },
  ]);
  assert.deepEqual(await ready({ postgres: up }, true), [
    503,
    { status: "stopping", stores: { postgres: "up" }, upstreams },
  ]);
});
