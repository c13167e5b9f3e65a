import assert from "node:assert/strict";
import { Unavailable } from "@rocket/platform";
import { anOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, SESSION_UUID } from "../testing/order_app.ts";
import type { OrderAppParts } from "./app.ts";

const { orderUuid } = anOrder();

Deno.test("without a valid session nothing under /api is answered but 401, unknown paths too", async () => {
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

Deno.test("health, the document and its page are open to all", async () => {
  for (const path of ["/healthz", "/readyz", "/openapi.json", "/docs"]) {
    assert.equal((await createAppOver().request(path)).status, 200, path);
  }
});

Deno.test("a path that is nowhere is 404", async () => {
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

Deno.test("readiness counts the stores and reports the upstreams", async () => {
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
