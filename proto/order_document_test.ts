import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { orderApi } from "./order.ts";

const record = z.record(z.string(), z.unknown());
const json = z.object({
  schema: z.object({ $ref: z.string() }),
  examples: z.record(z.string(), z.object({ value: z.unknown() })),
});
const content = z.object({ content: z.object({ "application/json": json }) });
const answer = content.partial().extend({ headers: record });
const operation = z.object({
  operationId: z.string(),
  requestBody: content.optional(),
  responses: z.record(z.string(), answer),
});

const document: unknown = parse(
  await readFile(new URL("order/v1/order.openapi.yaml", import.meta.url), "utf8"),
);
const paths = z.record(z.string(), record).parse(record.parse(inline(document))["paths"]);
const operations = Object.values(paths).flatMap((path) => Object.values(path)).map((o) => operation.parse(o));

const validators: Readonly<Record<string, z.ZodType>> = {
  NewOrder: orderApi.CreateOrderBody,
  PlacedOrder: orderApi.CreateOrderResponse,
  OrderPage: orderApi.ListOrdersResponse,
  OrderPayment: orderApi.PayOrderBody,
  PaidOrder: orderApi.PayOrderResponse,
  Order: orderApi.GetOrderResponse,
  ErrorBody: orderApi.ErrorBody,
};

Deno.test("the document lists the answers of each operation", () => {
  assert.deepEqual(
    operations.map(({ operationId, responses }) => `${operationId}: ${Object.keys(responses).join(" ")}`),
    [
      "createOrder: 201 400 401 403 404 408 409 413 415 422 429 500 503 504",
      "listOrders: 200 400 401 429 500 503 504",
      "getOrder: 200 400 401 404 429 500 503 504",
      "payOrder: 200 400 401 404 408 409 413 415 422 429 500 503 504",
      "cancelOrder: 204 400 401 404 409 429 500 503 504",
    ],
  );
});

Deno.test("every answer carries X-Request-Id, and those worth another try Retry-After", () => {
  for (const { operationId, responses } of operations) {
    for (const [status, { headers }] of Object.entries(responses)) {
      const isWorthAnotherTry = ["429", "503"].includes(status) ||
        // What is under way with the same key may be answered by then.
        status === "409" && "422" in responses;
      const expected = isWorthAnotherTry ? ["X-Request-Id", "Retry-After"] : ["X-Request-Id"];
      assert.deepEqual(Object.keys(headers), expected, `${operationId} ${status}`);
    }
  }
});

Deno.test("every example passes the validator of what it is an example of", () => {
  for (const { operationId, requestBody, responses } of operations) {
    for (const { content } of [...(requestBody ? [requestBody] : []), ...Object.values(responses)]) {
      if (content === undefined) continue;
      const { schema, examples } = content["application/json"];
      const validator = validators[schema.$ref.replace("#/components/schemas/", "")];
      assert(validator, `${operationId}: no validator for ${schema.$ref}`);
      for (const [name, { value }] of Object.entries(examples)) {
        assert.deepEqual(validator.parse(value), value, `${operationId}: ${name}`);
      }
    }
  }
});

Deno.test("every error's example tells the status that it is answered with", () => {
  for (const { operationId, responses } of operations) {
    for (const [status, { content }] of Object.entries(responses).filter(([status]) => status >= "400")) {
      for (const { value } of Object.values(content?.["application/json"].examples ?? {})) {
        assert.equal(orderApi.ErrorBody.parse(value).code, Number(status), operationId);
      }
    }
  }
});

/** Puts what they refer to in place of references, save those to schemas: their names find the validators. */
function inline(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inline);
  if (typeof node !== "object" || node === null) return node;
  if ("$ref" in node && typeof node.$ref === "string" && !node.$ref.startsWith("#/components/schemas/")) {
    return inline(
      node.$ref.slice("#/".length).split("/").reduce((at, key) => record.parse(at)[key], document),
    );
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value)]));
}
