import fc from "fast-check";
import assert from "node:assert/strict";
import { orderApi } from "./order.ts";

const uuid = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";
const order = {
  order_uuid: uuid,
  user_uuid: uuid,
  part_uuids: [uuid],
  total_price: 1499.9,
  transaction_uuid: null,
  payment_method: null,
  status: "PENDING_PAYMENT",
};

Deno.test("an order names 1 to 100 parts, and may name its user", () => {
  for (const pieces of [1, 2, 100]) assertValid({ part_uuids: Array(pieces).fill(uuid) });
  assertValid({ part_uuids: [uuid], user_uuid: uuid });

  for (const pieces of [0, 101]) assertInvalid({ part_uuids: Array(pieces).fill(uuid) }, "part_uuids");
  for (const parts of [undefined, null, uuid, { 0: uuid }]) {
    assertInvalid({ part_uuids: parts }, "part_uuids");
  }
  assertInvalid({ part_uuids: [uuid, 7] }, "part_uuids.1");
  assertInvalid({ part_uuids: [uuid], user_uuid: null }, "user_uuid");
  for (const body of [null, [], "", 7]) assertInvalid(body, "");
});

Deno.test("all broken fields of an order are named at once, even unknown ones", () => {
  const { error } = orderApi.CreateOrderBody.safeParse({ part_uuids: ["x"], user_uuid: 5, coupon: "A" });

  assert.deepEqual(error?.issues.map(({ code, path }) => [code, path.join(".")]), [
    ["invalid_format", "part_uuids.0"],
    ["invalid_type", "user_uuid"],
    ["unrecognized_keys", ""],
  ]);
});

Deno.test("UUIDs of any version are accepted in any letter case, and read in lower case", () => {
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: 32, maxLength: 32 });
  fc.assert(fc.property(hex, (digits) => {
    const text = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    assert.equal(orderApi.GetOrderParams.parse({ order_uuid: text }).order_uuid, text.toLowerCase());
    assert.equal(orderApi.CreateOrderBody.parse({ part_uuids: [text] }).part_uuids[0], text.toLowerCase());
  }));
});

Deno.test("a string that only resembles a UUID is refused", () => {
  const broken = ["", uuid.slice(1), `${uuid}0`, ` ${uuid}`, `${uuid}\n`, `{${uuid}}`, `urn:uuid:${uuid}`];
  for (const text of [...broken, uuid.replaceAll("-", ""), uuid.replace("2", "g"), uuid.replace("2", "２")]) {
    assert(!orderApi.GetOrderParams.safeParse({ order_uuid: text }).success, JSON.stringify(text));
  }
});

Deno.test("any price in whole cents is accepted, and a third decimal is refused", () => {
  // The maximum is 100 pieces at the highest price of a part, numeric(12,2).
  const cents = fc.integer({ min: 0, max: 99_999_999_999_900 });
  const accepts = (price: number) => orderApi.Money.safeParse(price).success;
  fc.assert(fc.property(cents, (amount) => assert(accepts(JSON.parse(JSON.stringify(amount / 100))))));
  for (const price of [0.001, 1.005, 19.999, -0.01, NaN, Infinity]) assert(!accepts(price), String(price));
});

Deno.test("an unpaid order has nulls instead of leaving fields out", () => {
  const { transaction_uuid: _, ...withoutTransaction } = order;

  assert(orderApi.GetOrderResponse.safeParse(order).success);
  assert(
    orderApi.GetOrderResponse.safeParse({ ...order, transaction_uuid: uuid, payment_method: "SBP" }).success,
  );
  assert(!orderApi.GetOrderResponse.safeParse(withoutTransaction).success);
});

function assertValid(body: unknown): void {
  assert.deepEqual(orderApi.CreateOrderBody.parse(body), body);
}

function assertInvalid(body: unknown, field: string): void {
  const paths = orderApi.CreateOrderBody.safeParse(body).error?.issues.map(({ path }) => path.join("."));
  assert.deepEqual(paths, [field], JSON.stringify(body));
}
