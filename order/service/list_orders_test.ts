import assert from "node:assert/strict";
import type { OrdersWanted, Position } from "../model/listing.ts";
import type { Order } from "../model/order.ts";
import { anOrder } from "../testing/an_order.ts";
import { createListOrders } from "./list_orders.ts";

for (
  const [total, limit, listed, hasMore] of [[0, 2, 0, false], [1, 2, 1, false], [2, 2, 2, false], [
    3,
    2,
    2,
    true,
  ]] as const
) {
  Deno.test(`of ${total} orders, a page of ${limit} lists ${listed}, and ${hasMore ? "has a next page" : "is the last"}`, async () => {
    const { listOrders, found } = setUp(total);
    const page = await listOrders("a user", { limit });
    assert.equal(page.orders.length, listed);
    assert.equal(page.end, hasMore ? found[listed - 1]?.[1] : undefined);
  });
}

function setUp(total: number) {
  const found = Array.from({ length: total }, (_, n): readonly [Order, Position] => {
    const orderUuid = crypto.randomUUID();
    return [anOrder(undefined, { orderUuid }), { placedAtMicros: String(1_000 - n), orderUuid }];
  });
  const listOfUser = (_user: string, { limit }: OrdersWanted) => Promise.resolve(found.slice(0, limit));
  return { listOrders: createListOrders({ listOfUser }), found };
}
