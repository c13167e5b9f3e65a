import type { OrdersWanted, Position } from "../model/listing.ts";
import type { Order } from "../model/order.ts";
import type { OrderRepository } from "../repository/orders.ts";

/** A page of a user's orders, newest first. */
export interface OrderPage {
  readonly orders: readonly Order[];
  /** Where the next page begins; `undefined` on the last one. */
  readonly end: Position | undefined;
}

/** Lists a user's own orders, a page at a time. Orders placed in the meantime neither shift nor repeat any. */
export type ListOrders = (userUuid: string, wanted: OrdersWanted) => Promise<OrderPage>;

/** Creates the list-orders use case. */
export function createListOrders(orders: Pick<OrderRepository, "listOfUser">): ListOrders {
  return async (userUuid, wanted) => {
    // One more than the page holds shows whether there is another page.
    const found = await orders.listOfUser(userUuid, { ...wanted, limit: wanted.limit + 1 });
    const page = found.slice(0, wanted.limit);
    const end = found.length > wanted.limit ? page.at(-1)?.[1] : undefined;
    return { orders: page.map(([order]) => order), end };
  };
}
