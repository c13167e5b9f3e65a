import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidArgument } from "@rocket/platform/core";
import type { ReservePartsRequest } from "@rocket/proto/inventory";
import { parseReservePartsRequest } from "./reserve_parts_request.ts";

const ORDER = "0a0b0c0d-0000-4000-8000-000000000001";
const BOLT = "e0000000-0000-4000-8000-000000000001";
const NUT = "e0000000-0000-4000-8000-000000000002";
const DAY_SECONDS = 86_400;

const valid: ReservePartsRequest = {
  orderUuid: ORDER,
  items: [{ partUuid: NUT, quantity: 100 }, { partUuid: BOLT, quantity: 1 }],
  ttl: { seconds: 60, nanos: 0 },
};

Deno.test("a request is parsed unchanged, with UUIDs in lower case", () => {
  const request = {
    ...valid,
    orderUuid: ORDER.toUpperCase(),
    items: [{ partUuid: NUT.toUpperCase(), quantity: 100 }, { partUuid: BOLT, quantity: 1 }],
  };
  assert.deepEqual(parseReservePartsRequest(request), {
    orderUuid: ORDER,
    items: valid.items,
    ttlMs: 60_000,
  });
});

const TIMES: readonly (readonly [string, ReservePartsRequest["ttl"], number | undefined])[] = [
  ["an unset time", undefined, undefined],
  ["zero seconds", { seconds: 0, nanos: 0 }, undefined],
  ["a nanosecond less than a second", { seconds: 0, nanos: 999_999_999 }, undefined],
  ["a second", { seconds: 1, nanos: 0 }, 1_000],
  ["a second and a half", { seconds: 1, nanos: 500_000_000 }, 1_500],
  ["30 days", { seconds: 30 * DAY_SECONDS, nanos: 0 }, 30 * DAY_SECONDS * 1_000],
  ["a nanosecond more than 30 days", { seconds: 30 * DAY_SECONDS, nanos: 1 }, undefined],
  ["a negative time", { seconds: -60, nanos: 0 }, undefined],
  ["nanoseconds that add up to a second", { seconds: 1, nanos: 1_000_000_000 }, undefined],
  ["positive seconds with negative nanoseconds", { seconds: 60, nanos: -1 }, undefined],
  ["the largest number of seconds", { seconds: Number.MAX_SAFE_INTEGER, nanos: 0 }, undefined],
];

for (const [what, ttl, ms] of TIMES) {
  Deno.test(`a reservation for ${what} is ${ms === undefined ? "refused" : "accepted"}`, () => {
    if (ms !== undefined) assert.equal(parseReservePartsRequest({ ...valid, ttl }).ttlMs, ms);
    else {
      assert.deepEqual(violationsOf({ ...valid, ttl }), [
        { field: "ttl", message: "must be 1 second to 30 days" },
      ]);
    }
  });
}

Deno.test("a request may have 1 to 100 items", () => {
  const items = Array.from({ length: 101 }, () => ({ partUuid: crypto.randomUUID(), quantity: 1 }));
  const refused = [{ field: "items", message: "must have 1 to 100 items" }];
  assert.deepEqual(violationsOf({ ...valid, items: [] }), refused);
  assert.deepEqual(violationsOf({ ...valid, items }), refused);
  assert.equal(parseReservePartsRequest({ ...valid, items: items.slice(1) }).items.length, 100);
});

Deno.test("all invalid fields are named at once, by their path", () => {
  const items = [
    { partUuid: "", quantity: 0 },
    { partUuid: BOLT, quantity: 1 },
    { partUuid: NUT, quantity: 101 },
    { partUuid: BOLT.toUpperCase(), quantity: -1 },
    { partUuid: BOLT, quantity: 1 },
    { partUuid: "", quantity: 1 },
  ];
  assert.deepEqual(violationsOf({ orderUuid: "x", items, ttl: undefined }), [
    { field: "order_uuid", message: "must be a UUID" },
    { field: "items[0].part_uuid", message: "must be a UUID" },
    { field: "items[0].quantity", message: "must be 1 to 100" },
    { field: "items[2].quantity", message: "must be 1 to 100" },
    { field: "items[3].part_uuid", message: "must not be named again" },
    { field: "items[3].quantity", message: "must be 1 to 100" },
    { field: "items[4].part_uuid", message: "must not be named again" },
    { field: "items[5].part_uuid", message: "must be a UUID" },
    { field: "ttl", message: "must be 1 second to 30 days" },
  ]);
});

Deno.test("any request that is parsed satisfies every rule", () => {
  const partUuid = fc.oneof(fc.constantFrom(BOLT, NUT, BOLT.toUpperCase()), fc.uuid(), fc.string());
  const quantity = fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  );
  const request = fc.record({
    orderUuid: fc.oneof(fc.uuid(), fc.string()),
    items: fc.array(fc.record({ partUuid, quantity }), { maxLength: 5 }),
    ttl: fc.option(fc.record({ seconds: fc.integer({ min: -1, max: 3_000_000 }), nanos: fc.integer() }), {
      nil: undefined,
    }),
  });
  fc.assert(
    fc.property(request, (request) => {
      if (violationsOf(request).length > 0) return;
      const { orderUuid, items, ttlMs } = parseReservePartsRequest(request);
      assert.equal(orderUuid, request.orderUuid.toLowerCase());
      assert.equal(new Set(items.map(({ partUuid }) => partUuid)).size, items.length);
      assert.ok(items.every(({ quantity }) => quantity >= 1 && quantity <= 100));
      assert.ok(ttlMs >= 1_000 && ttlMs <= 30 * DAY_SECONDS * 1_000);
    }),
    { numRuns: 1_000 },
  );
});

function violationsOf(request: ReservePartsRequest): InvalidArgument["violations"] {
  try {
    parseReservePartsRequest(request);
    return [];
  } catch (error) {
    if (error instanceof InvalidArgument) return error.violations;
    throw error;
  }
}
