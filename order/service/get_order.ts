import { OrderNotFound } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import type { OrderRepository } from "../repository/orders.ts";

/** @throws {OrderNotFound} if the user has no such order, whether or not another user has. */
export type GetOrder = (userUuid: string, orderUuid: string) => Promise<Order>;

/** Creates the get-order use case. */
export function createGetOrder(orders: Pick<OrderRepository, "findOfUser">): GetOrder {
  return async (userUuid, orderUuid) => {
    const order = await orders.findOfUser(userUuid, orderUuid);
    if (order === undefined) throw new OrderNotFound(orderUuid);
    return order;
  };
}
