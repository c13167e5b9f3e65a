import assert from "node:assert/strict";
import { Unauthenticated, Unavailable } from "@rocket/platform/core";
import { orderApi } from "@rocket/proto/order";
import { InsufficientStock, PartsNotFound } from "../model/failures.ts";
import type { OrderRequest } from "../service/create_order.ts";
import { anOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, SESSION_UUID, USER_UUID } from "../testing/order_app.ts";

const partUuid = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";

Deno.test("placing an order is answered with 201, its identifier and total, as the contract says", async () => {
  const { place, requests } = setUp();
  const response = await place({ part_uuids: [partUuid, partUuid], user_uuid: USER_UUID });

  assert.equal(response.status, 201);
  const placed = orderApi.CreateOrderResponse.parse(await response.json());
  assert.deepEqual(placed, { order_uuid: anOrder().orderUuid, total_price: 1499.9 });
  assert.deepEqual(requests, [{
    userUuid: USER_UUID,
    forUserUuid: USER_UUID,
    partUuids: [partUuid, partUuid],
  }]);
});

Deno.test("the UUIDs of an order are accepted in any letter case and passed on in lower case", async () => {
  const { place, requests } = setUp();
  await place({ part_uuids: [partUuid.toUpperCase()], user_uuid: USER_UUID.toUpperCase() });
  assert.deepEqual(requests, [{ userUuid: USER_UUID, forUserUuid: USER_UUID, partUuids: [partUuid] }]);
});

const BROKEN_BODIES: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["no pieces", { part_uuids: [] }, ["part_uuids"]],
  ["101 pieces", { part_uuids: Array(101).fill(partUuid) }, ["part_uuids"]],
  ["no part_uuids", {}, ["part_uuids"]],
  ["a piece that is not a UUID", { part_uuids: [partUuid, "x"] }, ["part_uuids[1]"]],
  ["a piece that is a number", { part_uuids: [7] }, ["part_uuids[0]"]],
  ["a user that is not a UUID", { part_uuids: [partUuid], user_uuid: "me" }, ["user_uuid"]],
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
    const { place, requests } = setUp();
    const answer = await assertError(await place(body), 400);
    assert.deepEqual(answer.details?.map(({ field }) => field), fields);
    for (const field of fields) assert.ok(answer.message.includes(field));
    assert.deepEqual(requests, []);
  });
}

Deno.test("a body that is not JSON is 400, one of another media type 415, and one over 64 KiB 413", async () => {
  const { app } = setUp();
  const send = (body: BodyInit, type = "application/json") =>
    app.request(ORDERS, {
      method: "POST",
      body,
      headers: { "X-Session-Uuid": SESSION_UUID, "Content-Type": type },
    });

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

const FAILURES = [
  [new PartsNotFound([partUuid]), 404, /^part 2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11 does not exist$/],
  [new InsufficientStock(`part ${partUuid} has too little stock`), 409, /2d9c1a4e.* has too little stock$/],
  [new Unauthenticated(), 401, /^a valid session is required$/],
  [new Unavailable("inventory"), 503, /^inventory is unavailable$/],
  [new RangeError("a price of -1"), 500, /^internal error$/],
] as const;

for (const [failure, status, message] of FAILURES) {
  Deno.test(`${failure.name} is answered ${status}`, async () => {
    const app = createAppOver({ useCases: { createOrder: () => Promise.reject(failure) } });
    const response = await askInSession(app, "POST", ORDERS, { body: { part_uuids: [partUuid] } });
    const answer = await assertError(response, status);
    assert.match(answer.message, message);
    assert.equal(response.headers.get("Retry-After"), status === 503 ? "1" : null);
  });
}

/** Creates an app that places every order, and records the requests. */
function setUp() {
  const requests: OrderRequest[] = [];
  const app = createAppOver({
    useCases: {
      createOrder(request) {
        requests.push(request);
        return Promise.resolve(anOrder());
      },
    },
  });
  const place = (body: unknown) => askInSession(app, "POST", ORDERS, { body });
  return { app, place, requests };
}
