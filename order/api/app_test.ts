import assert from "node:assert/strict";
import { parseSessionUuid, Unauthenticated, Unavailable } from "@rocket/platform";
import { orderApi, User } from "@rocket/proto";
import { OrderNotFound, PartsNotFound, TooLittleStock } from "../model/failures.ts";
import type { OrderRequest } from "../service/create_order.ts";
import { createOrderClient } from "../client.ts";
import { anOrder, silentLog } from "../testing/an_order.ts";
import { createOrderApp, type OrderApp, type OrderAppParts } from "./app.ts";
import type { OrderRules } from "./orders.ts";

const sessionUuid = crypto.randomUUID();
const userUuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const partUuid = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";
const ORDERS = "/api/v1/orders";

Deno.test("placing an order answers 201 with its identifier and total, by the contract", async () => {
  const { app, requests } = setUp();
  const response = await post(app, { part_uuids: [partUuid, partUuid], user_uuid: userUuid });

  assert.equal(response.status, 201);
  const placed = orderApi.CreateOrderResponse.parse(await response.json());
  assert.deepEqual(placed, { order_uuid: anOrder().orderUuid, total_price: 1499.9 });
  assert.deepEqual(requests, [{ userUuid, forUserUuid: userUuid, partUuids: [partUuid, partUuid] }]);
});

Deno.test("UUIDs are read in any letter case and go on in lower case", async () => {
  const { app, requests, reads } = setUp();
  await post(app, { part_uuids: [partUuid.toUpperCase()], user_uuid: userUuid.toUpperCase() });
  await get(app, anOrder().orderUuid.toUpperCase());

  assert.deepEqual(requests, [{ userUuid, forUserUuid: userUuid, partUuids: [partUuid] }]);
  assert.deepEqual(reads, [[userUuid, anOrder().orderUuid]]);
});

Deno.test("reading an order answers by the contract, with nulls until it is paid", async () => {
  const waiting = await (await get(setUp().app, anOrder().orderUuid)).json();
  assert.deepEqual(orderApi.GetOrderResponse.parse(waiting), {
    order_uuid: anOrder().orderUuid,
    user_uuid: userUuid,
    part_uuids: [partUuid],
    total_price: 1499.9,
    transaction_uuid: null,
    payment_method: null,
    status: "PENDING_PAYMENT",
  });

  const payment = { transactionUuid: crypto.randomUUID(), method: "SBP" } as const;
  const { app } = setUp({
    rules: { getOrder: () => Promise.resolve(anOrder({ status: "PAID", payment })) },
  });
  const paid = orderApi.GetOrderResponse.parse(await (await get(app, anOrder().orderUuid)).json());
  assert.equal(paid.transaction_uuid, payment.transactionUuid);
  assert.equal(paid.payment_method, "SBP");
});

Deno.test("the client that the app's own type types tells each operation's answers by their status", async () => {
  const { app } = setUp();
  const fetch = (input: string | URL | Request, init?: RequestInit) =>
    Promise.resolve(app.request(String(input), init));
  const { api: { v1: { orders } } } = createOrderClient("http://order", { sessionUuid, fetch });

  const placed = await orders.$post({ json: { part_uuids: [partUuid] } });
  assert.ok(placed.status === 201);
  const { order_uuid, total_price } = await placed.json();
  assert.equal(total_price, 1499.9);

  const read = await orders[":order_uuid"].$get({ param: { order_uuid } });
  assert.ok(read.status === 200);
  assert.equal((await read.json()).status, "PENDING_PAYMENT");

  const refused = await createOrderClient("http://order", { fetch }).api.v1.orders.$post({
    json: { part_uuids: [partUuid] },
  });
  assert.ok(refused.status === 401);
  assert.equal((await refused.json()).message, "a valid session is required");
});

Deno.test("the client gives a call up that is not answered in time", async () => {
  const neverAnswer = (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const { api: { v1: { orders } } } = createOrderClient("http://order", {
    timeoutMs: 10,
    fetch: neverAnswer,
  });
  await assert.rejects(orders.$post({ json: { part_uuids: [partUuid] } }), { name: "TimeoutError" });
});

const BROKEN_BODIES: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["no pieces", { part_uuids: [] }, ["part_uuids"]],
  ["101 pieces", { part_uuids: Array(101).fill(partUuid) }, ["part_uuids"]],
  ["no part_uuids", {}, ["part_uuids"]],
  ["a piece that is no UUID", { part_uuids: [partUuid, "x"] }, ["part_uuids[1]"]],
  ["a piece that is a number", { part_uuids: [7] }, ["part_uuids[0]"]],
  ["a user that is no UUID", { part_uuids: [partUuid], user_uuid: "me" }, ["user_uuid"]],
  ["a user that is null", { part_uuids: [partUuid], user_uuid: null }, ["user_uuid"]],
  ["unknown fields", { part_uuids: [partUuid], coupon: 1, total_price: 0 }, ["coupon", "total_price"]],
  [
    "everything wrong at once",
    { part_uuids: ["x"], user_uuid: 5, coupon: 1 },
    ["part_uuids[0]", "user_uuid", "coupon"],
  ],
  ["an array", [], ["body"]],
  ["null", null, ["body"]],
];

for (const [what, body, fields] of BROKEN_BODIES) {
  Deno.test(`a body with ${what} is refused with 400 that names ${fields.join(", ")}`, async () => {
    const { app, requests } = setUp();
    const response = await post(app, body);
    const answer = await assertError(response, 400);
    assert.deepEqual(answer.details?.map(({ field }) => field), fields);
    for (const field of fields) assert.ok(answer.message.includes(field));
    assert.deepEqual(requests, []);
  });
}

Deno.test("a body that is no JSON is 400, of another media type 415, over 64 KiB 413", async () => {
  const { app } = setUp();
  const send = (body: BodyInit, type = "application/json") =>
    app.request(ORDERS, { method: "POST", body, headers: { ...asUser(), "Content-Type": type } });

  for (const body of ["", "{", "part_uuids=x", new Uint8Array([0x22, 0xff, 0x22])]) {
    assert.equal((await assertError(await send(body), 400)).details?.[0]?.field, "body");
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"]) {
    await assertError(await send("{}", type), 415);
  }
  assert.equal(
    (await send(JSON.stringify({ part_uuids: [partUuid] }), "Application/JSON; charset=utf-8")).status,
    201,
  );
  await assertError(await send(" ".repeat(64 * 1024 + 1)), 413);
});

Deno.test("an order's path that is no UUID is 400 that names the parameter", async () => {
  for (const path of ["x", `${partUuid}0`, "%zz", "%00", "..%2f", "1'--"]) {
    const answer = await assertError(await get(setUp().app, path), 400);
    assert.deepEqual(answer.details?.map(({ field }) => field), ["order_uuid"], path);
  }
});

Deno.test("without a valid session nothing under /api is answered but 401, unknown paths too", async () => {
  const { app, requests, reads } = setUp();
  for (const session of [undefined, "", "x", crypto.randomUUID(), `${sessionUuid}, ${sessionUuid}`]) {
    const headers = { "Content-Type": "application/json", ...(session && { "X-Session-Uuid": session }) };
    for (const path of ["/api", ORDERS, `${ORDERS}/${partUuid}`, "/api/v2", `${ORDERS}/`]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const init = { method, headers, ...(method === "POST" && { body: "{}" }) };
        await assertError(await app.request(path, init), 401);
      }
    }
  }
  assert.deepEqual([requests, reads], [[], []]);
});

Deno.test("health, the document and its page are open to all", async () => {
  for (const path of ["/healthz", "/readyz", "/openapi.json", "/docs"]) {
    assert.equal((await setUp().app.request(path)).status, 200, path);
  }
});

const FAILURES = [
  [new PartsNotFound([partUuid]), 404, /^part 2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11 does not exist$/],
  [new TooLittleStock(`part ${partUuid} has too little stock`), 409, /2d9c1a4e.* has too little stock$/],
  [new Unauthenticated(), 401, /^a valid session is required$/],
  [new Unavailable("inventory"), 503, /^inventory is unavailable$/],
  [new RangeError("a price of -1"), 500, /^internal error$/],
] as const;

for (const [failure, status, message] of FAILURES) {
  Deno.test(`${failure.name} is answered ${status}`, async () => {
    const response = await post(setUp({ rules: { createOrder: () => Promise.reject(failure) } }).app);
    const answer = await assertError(response, status);
    assert.match(answer.message, message);
    assert.equal(response.headers.get("Retry-After"), status === 503 ? "1" : null);
  });
}

Deno.test("an order that is not the user's is 404", async () => {
  const { app } = setUp({ rules: { getOrder: (_, uuid) => Promise.reject(new OrderNotFound(uuid)) } });
  assert.equal(
    (await assertError(await get(app, partUuid), 404)).message,
    `order ${partUuid} does not exist`,
  );
});

Deno.test("a path that is nowhere is 404, a method that is not there 405 with Allow", async () => {
  const { app } = setUp();
  for (const path of ["/", "/api", "/api/v1", `${ORDERS}/`, `${ORDERS}/${partUuid}/fly`]) {
    await assertError(await app.request(path, { headers: asUser() }), 404);
  }
  const table = [
    ["DELETE", ORDERS, "GET, HEAD, POST"],
    ["GET", `${ORDERS}/${partUuid}/pay`, "POST"],
    ["PUT", `${ORDERS}/${partUuid}/cancel`, "POST"],
    ["DELETE", `${ORDERS}/${partUuid}`, "GET, HEAD"],
    ["POST", `${ORDERS}/${partUuid}`, "GET, HEAD"],
    ["POST", "/readyz", "GET, HEAD"],
  ] as const;
  for (const [method, path, allow] of table) {
    const response = await app.request(path, { method, headers: asUser() });
    await assertError(response, 405);
    assert.equal(response.headers.get("Allow"), allow);
  }
});

Deno.test("readiness counts the stores and reports the upstreams", async () => {
  const down = () => Promise.reject(new Unavailable("it"));
  const up = () => Promise.resolve();
  const ready = async (stores: OrderAppParts["readiness"]["stores"], isStopping = false) => {
    const readiness = { stores, upstreams: { iam: up, inventory: down }, isStopping: () => isStopping };
    const response = await setUp({ readiness }).app.request("/readyz");
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

function setUp(
  { rules, ...parts }: { rules?: Partial<OrderRules> } & Partial<Omit<OrderAppParts, "rules">> = {},
) {
  const requests: OrderRequest[] = [];
  const reads: (readonly [string, string])[] = [];
  const notExpected = () => Promise.reject(new Error("nobody asks for this here"));
  const app = createOrderApp({
    log: silentLog,
    verify(identifier) {
      const session = parseSessionUuid(identifier);
      if (session !== sessionUuid) return Promise.reject(new Unauthenticated());
      return Promise.resolve({ sessionUuid: session, user: User.create({ uuid: userUuid }) });
    },
    readiness: { stores: {}, upstreams: {}, isStopping: () => false },
    rules: {
      createOrder(request) {
        requests.push(request);
        return Promise.resolve(anOrder());
      },
      getOrder(user, order) {
        reads.push([user, order]);
        return Promise.resolve(anOrder());
      },
      listOrders: notExpected,
      payOrder: notExpected,
      cancelOrder: notExpected,
      once: { claim: notExpected, end: notExpected },
      ...rules,
    },
    ...parts,
  });
  return { app, requests, reads };
}

function asUser(): Record<string, string> {
  return { "X-Session-Uuid": sessionUuid };
}

async function post(app: OrderApp, body: unknown = { part_uuids: [partUuid] }): Promise<Response> {
  const headers = { ...asUser(), "Content-Type": "application/json" };
  return await app.request(ORDERS, { method: "POST", headers, body: JSON.stringify(body) });
}

async function get(app: OrderApp, orderUuid: string): Promise<Response> {
  return await app.request(`${ORDERS}/${orderUuid}`, { headers: asUser() });
}

async function assertError(response: Response, status: number): Promise<orderApi.ErrorBody> {
  assert.equal(response.status, status);
  assert.match(response.headers.get("X-Request-Id") ?? "", /^[A-Za-z0-9_-]{1,64}$/);
  const body = orderApi.ErrorBody.parse(await response.json());
  assert.equal(body.code, status);
  return body;
}
