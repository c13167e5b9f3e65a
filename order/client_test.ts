import assert from "node:assert/strict";
import { createOrderClient } from "./client.ts";
import { anOrder } from "./testing/an_order.ts";
import { createAppOver, SESSION_UUID } from "./testing/order_app.ts";

const part_uuids = [...anOrder().partUuids];

Deno.test("the client types each operation's answers by their status", async () => {
  const app = createAppOver({
    useCases: {
      createOrder: () => Promise.resolve(anOrder()),
      getOrder: () => Promise.resolve(anOrder()),
    },
  });
  const fetch = (input: string | URL | Request, init?: RequestInit) =>
    Promise.resolve(app.request(String(input), init));
  const { api: { v1: { orders } } } = createOrderClient("http://order", { sessionUuid: SESSION_UUID, fetch });

  const placed = await orders.$post({ json: { part_uuids } });
  assert.ok(placed.status === 201);
  const { order_uuid, total_price } = await placed.json();
  assert.equal(total_price, 1499.9);

  const read = await orders[":order_uuid"].$get({ param: { order_uuid } });
  assert.ok(read.status === 200);
  assert.equal((await read.json()).status, "PENDING_PAYMENT");

  const refused = await createOrderClient("http://order", { fetch }).api.v1.orders.$post({
    json: { part_uuids },
  });
  assert.ok(refused.status === 401);
  assert.equal((await refused.json()).message, "a valid session is required");
});

Deno.test("a call that is not answered in time fails", async () => {
  const neverAnswer = (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const { api: { v1: { orders } } } = createOrderClient("http://order", {
    timeoutMs: 10,
    fetch: neverAnswer,
  });
  await assert.rejects(orders.$post({ json: { part_uuids } }), { name: "TimeoutError" });
});

Deno.test("a path parameter never leads to another route", async () => {
  const paths: string[] = [];
  const fetch = (input: string | URL | Request) => {
    paths.push(new URL(String(input)).pathname);
    return Promise.resolve(Response.json({}));
  };
  const { api: { v1: { orders } } } = createOrderClient("http://order", { fetch });
  await orders[":order_uuid"].$get({ param: { order_uuid: "../../../healthz" } });
  await orders[":order_uuid"].cancel.$post({ param: { order_uuid: "1/pay#" } });
  assert.deepEqual(paths, ["/api/v1/orders/..%2F..%2F..%2Fhealthz", "/api/v1/orders/1%2Fpay%23/cancel"]);
  for (const order_uuid of ["", ".", ".."]) {
    await assert.rejects(
      async () => await orders[":order_uuid"].$get({ param: { order_uuid } }),
      /^TypeError: order_uuid:/,
    );
  }
  assert.equal(paths.length, 2);
});
