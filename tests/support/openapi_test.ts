import assert from "node:assert/strict";
import { Contract } from "./openapi.ts";

const contract = new Contract({
  paths: {
    "/things/{id}": {
      get: {
        operationId: "getThing",
        responses: {
          "200": {
            headers: { "X-Count": { required: true, schema: { type: "integer" } } as { required: boolean } },
            content: { "application/json": { schema: { type: "object", required: ["id"] } } },
          },
          "204": {},
        },
      },
    },
  },
});

Deno.test("an operation's parameters and body are resolved, whether inline or referenced", () => {
  const id = { name: "id", in: "path", schema: { type: "string" } } as const;
  const page = { name: "page", in: "query", schema: { type: "integer" } } as const;
  const requestBody = { content: { "application/json": { schema: { type: "object" } } } };
  const document = {
    paths: {
      "/things/{id}": {
        put: {
          operationId: "putThing",
          parameters: [{ $ref: "#/components/parameters/Id" }, page],
          requestBody: { $ref: "#/components/requestBodies/Thing" },
          responses: { "204": {}, "404": {} },
        },
      },
    },
    components: { parameters: { Id: id }, requestBodies: { Thing: requestBody } },
  };
  assert.deepEqual(new Contract(document).operations, [{
    id: "putThing",
    method: "PUT",
    path: "/things/{id}",
    parameters: [id, page],
    body: { type: "object" },
    statuses: [204, 404],
    isOpen: false,
  }]);
});

const headers = { "Content-Type": "application/json; charset=utf-8", "X-Count": "3" };

Deno.test("a response that follows the contract has no violations", async () => {
  assert.deepEqual(await contract.violations("getThing", new Response('{"id":1}', { headers })), []);
  assert.deepEqual(await contract.violations("getThing", new Response(null, { status: 204 })), []);
});

const BROKEN: Readonly<Record<string, Response>> = {
  "an undocumented status": new Response("{}", { status: 418, headers }),
  "a body that breaks the schema": new Response("{}", { headers }),
  "another media type": new Response('{"id":1}', { headers: { ...headers, "Content-Type": "text/html" } }),
  "a missing required header": new Response('{"id":1}', { headers: { "Content-Type": "application/json" } }),
  "a header that breaks its schema": new Response('{"id":1}', { headers: { ...headers, "X-Count": "many" } }),
};

for (const [violation, response] of Object.entries(BROKEN)) {
  Deno.test(`${violation} is a violation`, async () => {
    assert.equal((await contract.violations("getThing", response)).length, 1);
  });
}
