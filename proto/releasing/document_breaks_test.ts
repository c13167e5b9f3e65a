import assert from "node:assert/strict";
import type { Document } from "yaml";
import { findDocumentBreaks } from "./breaks.ts";
import { copyContracts } from "./contracts_copy.ts";

const PLACE_ORDER = ["paths", "/api/v1/orders", "post"];
const READ_ORDER = ["paths", "/api/v1/orders/{order_uuid}", "get"];
const SCHEMAS = ["components", "schemas"];
const NEW_ORDER = [...SCHEMAS, "NewOrder"];
const ORDER = [...SCHEMAS, "Order"];

const REFUSED: readonly [what: string, change: (document: Document) => void, at: string, message: string][] =
  [
    [
      "a removed operation",
      (document) => document.deleteIn(READ_ORDER),
      "GET /api/v1/orders/{order_uuid}",
      "Operation `GET /api/v1/orders/{order_uuid}` was removed.",
    ],
    [
      "a changed status",
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
      "a new required parameter",
      (document) => document.addIn([...PLACE_ORDER, "parameters"], parameter("dock", true)),
      "POST /api/v1/orders",
      "Required `dock` query parameter was added.",
    ],
    [
      "a field of a request that becomes required",
      (document) => document.addIn([...NEW_ORDER, "required"], "user_uuid"),
      "POST /api/v1/orders",
      "Properties of `NewOrder` became required: `user_uuid`.",
    ],
    [
      "a new required field of a request",
      (document) => {
        document.setIn([...NEW_ORDER, "properties", "dock"], { type: "string" });
        document.addIn([...NEW_ORDER, "required"], "dock");
      },
      "POST /api/v1/orders",
      "Properties of `NewOrder` became required: `dock`.",
    ],
    [
      "a removed field of a request",
      (document) => document.deleteIn([...NEW_ORDER, "properties", "user_uuid"]),
      "POST /api/v1/orders",
      "Property `user_uuid` of `NewOrder` was removed.",
    ],
    [
      "a narrower field of a request",
      (document) => document.setIn([...SCHEMAS, "PartUuids", "maxItems"], 50),
      "GET /api/v1/orders",
      "`maxItems` of `part_uuids` changed from '100' to '50'.",
    ],
    [
      "a removed field of an answer",
      (document) => document.deleteIn([...SCHEMAS, "ErrorBody", "properties", "details"]),
      "GET /api/v1/orders",
      "Property `details` of `ErrorBody` was removed.",
    ],
    [
      "a field of an answer that becomes optional",
      (document) => document.deleteIn([...ORDER, "required", 0]),
      "GET /api/v1/orders",
      "Properties of `Order` are no longer required: `order_uuid`.",
    ],
    [
      "a changed type of an answer's field",
      (document) => document.setIn([...ORDER, "properties", "total_price"], { type: "string" }),
      "GET /api/v1/orders",
      "Type of `total_price` widened from 'number' to 'string'.",
    ],
    [
      "a new value of an enum in an answer",
      (document) => document.addIn([...SCHEMAS, "OrderStatus", "enum"], "SHIPPED"),
      "GET /api/v1/orders",
      "Enum of `OrderStatus` gained values: 'SHIPPED'.",
    ],
    [
      "a removed header of an answer",
      (document) => document.deleteIn(["components", "responses", "TooMany", "headers", "Retry-After"]),
      "GET /api/v1/orders",
      "Response header `Retry-After` was removed.",
    ],
    [
      "a renamed session header",
      (document) => document.setIn(["components", "securitySchemes", "session", "name"], "X-Session"),
      "components",
      "`name` of security scheme `session` changed from 'X-Session-Uuid' to 'X-Session'.",
    ],
  ];

for (const [what, change, at, message] of REFUSED) {
  Deno.test(`a change that breaks clients of a document is refused with its location: ${what}`, async () => {
    await using copy = await copyContracts();
    await copy.changeDocument(change);

    const breaks = await findDocumentBreaks(copy.path);

    assert.equal(breaks.length, 1);
    const lines = breaks.join().split("\n");
    const line = lines.findIndex((text) => text.includes(message));
    assert.ok(lines.slice(0, line).includes(at), breaks.join());
    assert.match(lines[line + 1] ?? "", /^ +at .*order\/v1\/order\.openapi\.yaml:\d+:\d+$/);
  });
}

Deno.test("additions to a document break nothing", async () => {
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
    document.setIn([...ORDER, "description"], "Another description of an order.");
  });

  assert.deepEqual(await findDocumentBreaks(copy.path), []);
});

function parameter(name: string, required: boolean) {
  return { name, in: "query", required, description: "The destination.", schema: { type: "string" } };
}
