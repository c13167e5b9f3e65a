import assert from "node:assert/strict";
import { z } from "zod";
import { createTestApp } from "../testing/http_app.ts";
import { headerParams, pathParams, queryParams } from "./params.ts";

const UUID = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";
const Path = z.strictObject({ order_uuid: z.uuid(), piece: z.coerce.number().int() });

async function get(path: string) {
  const { app } = createTestApp();
  app.get("/orders/:order_uuid/:piece", pathParams(Path), (c) => c.json(c.req.valid("param")));
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
}

Deno.test("valid parameters reach the handler as the validator returns them", async () => {
  assert.deepEqual(await get(`/orders/${UUID}/3`), { status: 200, body: { order_uuid: UUID, piece: 3 } });
});

for (
  const [path, fields] of [
    ["/orders/seven/3", ["order_uuid"]],
    [`/orders/${UUID}/x`, ["piece"]],
    ["/orders/seven/x", ["order_uuid", "piece"]],
    ["/orders/%E0%A4%A/3", ["order_uuid"]],
    [`/orders/${UUID}%00/3`, ["order_uuid"]],
    [`/orders/${UUID}%2F/3`, ["order_uuid"]],
  ] as const
) {
  Deno.test(`${path} is refused for ${fields.join(" and ")}`, async () => {
    const { status, body } = await get(path);
    assert.equal(status, 400);
    assert.deepEqual(body.details.map(({ field }: { field: string }) => field), fields);
  });
}

const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).default(20),
  cursor: z.string().optional(),
});

async function list(query: string) {
  const { app } = createTestApp();
  app.get("/orders", queryParams(Query), (c) => c.json(c.req.valid("query")));
  const response = await app.request(`/orders${query}`);
  return { status: response.status, body: await response.json() };
}

Deno.test("valid query parameters reach the handler as the validator returns them", async () => {
  assert.deepEqual(await list(""), { status: 200, body: { limit: 20 } });
  assert.deepEqual(await list("?cursor=a%20b&limit=7"), { status: 200, body: { limit: 7, cursor: "a b" } });
});

for (
  const [query, fields] of [
    ["?limit=", ["limit"]],
    ["?limit=0x10", ["limit"]],
    ["?limit=1e1", ["limit"]],
    ["?limit=%207", ["limit"]],
    ["?limit=%2B7", ["limit"]],
    ["?limit=x&cursor=", ["limit"]],
    ["?limit=1&limit=2", ["limit"]],
    ["?cursor=a&cursor=b", ["cursor"]],
    ["?page=2&__proto__=1", ["page", "__proto__"]],
  ] as const
) {
  Deno.test(`the query ${query} is refused for ${fields.join(" and ")}`, async () => {
    const { status, body } = await list(query);
    assert.equal(status, 400);
    assert.deepEqual(body.details.map(({ field }: { field: string }) => field), fields);
  });
}

Deno.test("headers that the schema names are validated, and others are ignored", async () => {
  const { app } = createTestApp();
  const Headers = z.object({ "Idempotency-Key": z.string().regex(/^[!-~]{1,9}$/).optional() });
  app.post("/orders", headerParams(Headers), (c) => c.json(c.req.valid("header")));
  const post = (headers: Record<string, string>) => app.request("/orders", { method: "POST", headers });

  assert.deepEqual(await (await post({ "X-Other": "ü" })).json(), {});
  assert.deepEqual(await (await post({ "idempotency-key": "k-1" })).json(), { "Idempotency-Key": "k-1" });
  for (const broken of ["", "has a space", "0123456789"]) {
    const response = await post({ "Idempotency-Key": broken });
    assert.equal(response.status, 400);
    assert.equal((await response.json()).details[0].field, "Idempotency-Key");
  }
});
