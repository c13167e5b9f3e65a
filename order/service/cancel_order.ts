import type { Logger } from "@rocket/platform/log";
import { OrderNotPending } from "../model/failures.ts";
import type { OrderRepository } from "../repository/orders.ts";
import type { GetOrder } from "./get_order.ts";
import { requireAction } from "./order_states.ts";
import type { ReleasePieces } from "./release_pieces.ts";

/**
 * Cancels an order whose payment has not begun, and releases its pieces.
 *
 * @throws {OrderNotFound} if the user has no such order.
 * @throws {OrderNotPending} if it is not unpaid.
 * @throws {PaymentUnderWay} if a payment has begun: it may have been charged.
 */
export type CancelOrder = (userUuid: string, orderUuid: string) => Promise<void>;

/** Dependencies of the cancel-order use case. */
export interface CancelOrderDependencies {
  readonly getOrder: GetOrder;
  readonly orders: Pick<OrderRepository, "cancel">;
  readonly releasePieces: ReleasePieces;
  readonly log: Logger;
}

/** Creates the cancel-order use case. */
export function createCancelOrder(
  { getOrder, orders, releasePieces, log }: CancelOrderDependencies,
): CancelOrder {
  return async (userUuid, orderUuid) => {
    requireAction(await getOrder(userUuid, orderUuid), "cancel");
    if (!await orders.cancel(orderUuid)) {
      // Another request was faster: the order's new status is the reason.
      const order = await getOrder(userUuid, orderUuid);
      requireAction(order, "cancel");
      throw new OrderNotPending(order);
    }
    log.info({ order_uuid: orderUuid }, "order cancelled");
    await releasePieces(orderUuid);
  };
}
