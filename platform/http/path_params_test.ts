import assert from "node:assert/strict";
import { z } from "zod";
import { createTestApp } from "../testing/http_app.ts";
import { pathParams } from "./path_params.ts";

const UUID = "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11";
const Path = z.strictObject({ order_uuid: z.uuid(), piece: z.coerce.number().int() });

async function get(path: string) {
  const { app } = createTestApp();
  app.get("/orders/:order_uuid/:piece", pathParams(Path), (c) => c.json(c.req.valid("param")));
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
}

Deno.test("good parameters reach the handler, as the validator gives them", async () => {
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
  Deno.test(`of ${path} the parameters ${fields.join(", ")} are named`, async () => {
    const { status, body } = await get(path);
    assert.equal(status, 400);
    assert.deepEqual(body.details.map(({ field }: { field: string }) => field), fields);
  });
}
