import assert from "node:assert/strict";
import { orderApi } from "@rocket/proto/order";
import type { OrdersWanted } from "../model/listing.ts";
import { anOrder, aPaidOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, USER_UUID } from "../testing/order_app.ts";
import type { OrderApp } from "./app.ts";

Deno.test("the first page of orders has the document's limit, and no cursor if it is the last", async () => {
  const wanted: OrdersWanted[] = [];
  const app = createAppOver({
    useCases: {
      listOrders: (user, page) => {
        assert.equal(user, USER_UUID);
        wanted.push(page);
        return Promise.resolve({ orders: [aPaidOrder(), anOrder()], end: undefined });
      },
    },
  });
  const response = await list(app, "");
  assert.equal(response.status, 200);
  const { orders, ...rest } = orderApi.ListOrdersResponse.parse(await response.json());
  assert.deepEqual(orders.map(({ status }) => status), ["PAID", "PENDING_PAYMENT"]);
  assert.deepEqual(rest, {});
  await list(app, "?limit=7&status=CANCELLED");
  assert.deepEqual(wanted, [
    { limit: 20, status: undefined, after: undefined },
    { limit: 7, status: "CANCELLED", after: undefined },
  ]);
});

Deno.test("the cursor of a page leads to the start of the next", async () => {
  const end = { placedAtMicros: "1732449600000001", orderUuid: anOrder().orderUuid };
  const positions: OrdersWanted["after"][] = [];
  const app = createAppOver({
    useCases: {
      listOrders: (_, { after }) => (positions.push(after), Promise.resolve({ orders: [anOrder()], end })),
    },
  });
  const { next_cursor = "" } = orderApi.ListOrdersResponse.parse(await (await list(app, "")).json());
  await list(app, `?cursor=${next_cursor}`);
  assert.deepEqual(positions, [undefined, end]);
});

for (
  const [query, fields] of [
    ["?limit=0", ["limit"]],
    ["?limit=101", ["limit"]],
    ["?limit=1.5", ["limit"]],
    ["?limit=1&limit=2", ["limit"]],
    ["?cursor=MQ", ["cursor"]],
    ["?status=LOST&page=2", ["status", "page"]],
  ] as const
) {
  Deno.test(`${query} is refused with 400 that names ${fields.join(" and ")}`, async () => {
    const answer = await assertError(await list(createAppOver(), query), 400);
    assert.deepEqual(answer.details?.map(({ field }) => field), fields);
  });
}

function list(app: OrderApp, query: string): Promise<Response> {
  return askInSession(app, "GET", `${ORDERS}${query}`);
}
