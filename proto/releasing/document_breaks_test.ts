import assert from "node:assert/strict";
import type { Document } from "yaml";
import { findBreaks } from "./breaks.ts";
import { copyContracts } from "./contracts_copy.ts";

const PLACE_ORDER = ["paths", "/api/v1/orders", "post"];
const READ_ORDER = ["paths", "/api/v1/orders/{order_uuid}", "get"];
const SCHEMAS = ["components", "schemas"];
const NEW_ORDER = [...SCHEMAS, "NewOrder"];
const ORDER = [...SCHEMAS, "Order"];

const REFUSED: readonly [what: string, change: (document: Document) => void, at: string, told: string][] = [
  [
    "an operation that is gone",
    (document) => document.deleteIn(READ_ORDER),
    "GET /api/v1/orders/{order_uuid}",
    "Operation `GET /api/v1/orders/{order_uuid}` was removed.",
  ],
  [
    "another status",
    (document) => {
      document.setIn(
        [...PLACE_ORDER, "responses", "410"],
        document.getIn([...PLACE_ORDER, "responses", "409"]),
      );
      document.deleteIn([...PLACE_ORDER, "responses", "409"]);
    },
    "POST /api/v1/orders",
    "Response `409` was removed.",
  ],
  [
    "a new parameter that a request requires",
    (document) => document.addIn([...PLACE_ORDER, "parameters"], parameter("dock", true)),
    "POST /api/v1/orders",
    "Required `dock` query parameter was added.",
  ],
  [
    "a request's field that becomes required",
    (document) => document.addIn([...NEW_ORDER, "required"], "user_uuid"),
    "POST /api/v1/orders",
    "Properties of `NewOrder` became required: `user_uuid`.",
  ],
  [
    "a new field that a request requires",
    (document) => {
      document.setIn([...NEW_ORDER, "properties", "dock"], { type: "string" });
      document.addIn([...NEW_ORDER, "required"], "dock");
    },
    "POST /api/v1/orders",
    "Properties of `NewOrder` became required: `dock`.",
  ],
  [
    "a request's field that is gone, and so refused",
    (document) => document.deleteIn([...NEW_ORDER, "properties", "user_uuid"]),
    "POST /api/v1/orders",
    "Property `user_uuid` of `NewOrder` was removed.",
  ],
  [
    "a request's field that takes less",
    (document) => document.setIn([...SCHEMAS, "PartUuids", "maxItems"], 50),
    "GET /api/v1/orders",
    "`maxItems` of `part_uuids` changed from '100' to '50'.",
  ],
  [
    "an answer's field that is gone",
    (document) => document.deleteIn([...SCHEMAS, "ErrorBody", "properties", "details"]),
    "GET /api/v1/orders",
    "Property `details` of `ErrorBody` was removed.",
  ],
  [
    "an answer's field that need not be there",
    (document) => document.deleteIn([...ORDER, "required", 0]),
    "GET /api/v1/orders",
    "Properties of `Order` are no longer required: `order_uuid`.",
  ],
  [
    "an answer's field of another type",
    (document) => document.setIn([...ORDER, "properties", "total_price"], { type: "string" }),
    "GET /api/v1/orders",
    "Type of `total_price` widened from 'number' to 'string'.",
  ],
  [
    "an answer's enum with a new value",
    (document) => document.addIn([...SCHEMAS, "OrderStatus", "enum"], "SHIPPED"),
    "GET /api/v1/orders",
    "Enum of `OrderStatus` gained values: 'SHIPPED'.",
  ],
  [
    "an answer's header that is gone",
    (document) => document.deleteIn(["components", "responses", "TooMany", "headers", "Retry-After"]),
    "GET /api/v1/orders",
    "Response header `Retry-After` was removed.",
  ],
  [
    "a session asked for in another header",
    (document) => document.setIn(["components", "securitySchemes", "session", "name"], "X-Session"),
    "components",
    "`name` of security scheme `session` changed from 'X-Session-Uuid' to 'X-Session'.",
  ],
];

for (const [what, change, at, told] of REFUSED) {
  Deno.test(`what breaks clients of a document is refused, naming the place: ${what}`, async () => {
    await using copy = await copyContracts();
    await copy.changeDocument(change);

    const breaks = await findBreaks(copy.path);

    assert.equal(breaks.length, 1);
    const lines = breaks.join().split("\n");
    const line = lines.findIndex((text) => text.includes(told));
    assert.ok(lines.slice(0, line).includes(at), breaks.join());
    assert.match(lines[line + 1] ?? "", /^ +at .*order\/v1\/order\.openapi\.yaml:\d+:\d+$/);
  });
}

Deno.test("what is added to a document breaks nothing", async () => {
  await using copy = await copyContracts();
  await copy.changeDocument((document) => {
    const readOrder = document.getIn(READ_ORDER);
    const conflict = document.getIn([...PLACE_ORDER, "responses", "409"]);
    document.setIn(["paths", "/api/v1/ships"], { get: readOrder });
    document.setIn(["paths", "/api/v1/orders", "head"], readOrder);
    document.setIn([...PLACE_ORDER, "responses", "410"], conflict);
    document.addIn([...PLACE_ORDER, "parameters"], parameter("dock", false));
    document.setIn([...NEW_ORDER, "properties", "note"], { type: "string" });
    document.setIn([...ORDER, "properties", "note"], { type: "string" });
    document.addIn([...ORDER, "required"], "note");
    document.setIn([...ORDER, "description"], "An order, told in other words.");
  });

  assert.deepEqual(await findBreaks(copy.path), []);
});

function parameter(name: string, required: boolean) {
  return { name, in: "query", required, description: "Where to.", schema: { type: "string" } };
}
