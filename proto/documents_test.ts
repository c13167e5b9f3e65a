import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { CONTRACTS, findDocuments } from "./generation/contracts.ts";
import { iamApi } from "./iam.ts";
import { orderApi } from "./order.ts";

/** The generated validators of each document. */
const VALIDATORS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "iam/v1/iam.openapi.yaml": iamApi,
  "order/v1/order.openapi.yaml": orderApi,
};

const record = z.record(z.string(), z.unknown());
const content = z.object({
  content: z.object({
    "application/json": z.object({ examples: z.record(z.string(), z.object({ value: z.unknown() })) })
      .optional(),
  }),
});
const answer = content.partial().extend({ headers: record });
const operation = z.object({
  operationId: z.string(),
  requestBody: content.optional(),
  responses: z.record(z.string(), answer),
});

for (const path of await findDocuments(CONTRACTS)) {
  const operations = await readOperations(path);

  Deno.test(`${path}: every answer has X-Request-Id, and Retry-After if a retry can succeed`, () => {
    for (const { operationId, responses } of operations) {
      for (const [status, { headers }] of Object.entries(responses)) {
        assert.ok("X-Request-Id" in headers, `${operationId} ${status}`);
        // With an idempotency key, 409 may also mean that the first request is still in progress; where a password is
        // checked, that the account was being changed.
        const isRetryable = ["429", "503"].includes(status) ||
          (status === "409" && ("422" in responses || ["login", "changePassword"].includes(operationId)));
        assert.equal("Retry-After" in headers, isRetryable, `${operationId} ${status}`);
      }
    }
  });

  Deno.test(`${path}: every example passes its generated validator`, () => {
    const validators = VALIDATORS[path];
    assert.ok(validators, "add the document's validators to VALIDATORS");
    for (const { operationId, requestBody, responses } of operations) {
      const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
      const examples = [
        ...examplesOf(requestBody).map((value) => [`${name}Body`, value] as const),
        ...Object.entries(responses).flatMap(([status, response]) =>
          examplesOf(response).map((value) =>
            [status < "400" ? `${name}Response` : "ErrorBody", value] as const
          )
        ),
      ];
      for (const [name, value] of examples) {
        const validator: unknown = validators[name];
        assert.ok(validator instanceof z.ZodType, `no validator ${name}`);
        assert.deepEqual(validator.parse(value), value, name);
      }
    }
  });

  Deno.test(`${path}: every error example has the status that it is listed under, and a reason`, () => {
    const error = z.object({ code: z.number(), reason: z.string() });
    for (const { operationId, responses } of operations) {
      for (const [status, response] of Object.entries(responses).filter(([status]) => status >= "400")) {
        for (const value of examplesOf(response)) {
          assert.equal(error.parse(value).code, Number(status), operationId);
        }
      }
    }
  });
}

function examplesOf(body: z.infer<typeof answer> | z.infer<typeof content> | undefined): readonly unknown[] {
  return Object.values(body?.content?.["application/json"]?.examples ?? {}).map(({ value }) => value);
}

async function readOperations(path: string): Promise<readonly z.infer<typeof operation>[]> {
  const document: unknown = parse(await readFile(join(CONTRACTS, path), "utf8"));
  const paths = z.record(z.string(), record).parse(record.parse(inline(document, document))["paths"]);
  return Object.values(paths).flatMap((item) => Object.values(item)).map((found) => operation.parse(found));
}

/** Replaces references, except those to schemas, with their targets. */
function inline(node: unknown, document: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, document));
  if (typeof node !== "object" || node === null) return node;
  if ("$ref" in node && typeof node.$ref === "string" && !node.$ref.startsWith("#/components/schemas/")) {
    const keys = node.$ref.slice("#/".length).split("/");
    return inline(keys.reduce((at: unknown, key) => record.parse(at)[key], document), document);
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value, document)]));
}
