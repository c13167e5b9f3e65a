import type { Logger } from "@rocket/platform/log";
import { OrderNotFound, OrderNotPaid } from "../model/failures.ts";
import type { OrderRepository } from "../repository/orders.ts";

/**
 * Marks a paid order as assembled. Does nothing if it is marked already.
 *
 * @throws {OrderNotFound | OrderNotPaid} if no such order can have been assembled, now or later.
 */
export type AssembleOrder = (orderUuid: string) => Promise<void>;

/** Creates the assemble-order use case. */
export function createAssembleOrder(
  orders: Pick<OrderRepository, "assemble" | "statusOf">,
  log: Logger,
): AssembleOrder {
  return async (orderUuid) => {
    if (await orders.assemble(orderUuid)) return log.info({ order_uuid: orderUuid }, "order assembled");
    const status = await orders.statusOf(orderUuid);
    if (status === undefined) throw new OrderNotFound(orderUuid);
    if (status !== "ASSEMBLED") throw new OrderNotPaid({ orderUuid, status });
  };
}
