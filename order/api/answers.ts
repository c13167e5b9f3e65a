import { centsToNumber } from "@rocket/platform/core";
import type { orderApi } from "@rocket/proto/order";
import type { KeptAnswer } from "../model/idempotency.ts";
import type { Order } from "../model/order.ts";

/** An order in the contract's form. */
export function toOrderAnswer(order: Order): orderApi.GetOrderResponse {
  const payment = "payment" in order ? order.payment : undefined;
  return {
    order_uuid: order.orderUuid,
    user_uuid: order.userUuid,
    part_uuids: [...order.partUuids],
    total_price: centsToNumber(order.totalPrice),
    transaction_uuid: payment?.transactionUuid ?? null,
    payment_method: payment?.method ?? null,
    status: order.status,
  };
}

/** An order that was just placed, in the contract's form. */
export function toPlacedAnswer({ orderUuid, totalPrice }: Order): orderApi.CreateOrderResponse {
  return { order_uuid: orderUuid, total_price: centsToNumber(totalPrice) };
}

/** The answer to placing an order, kept to be repeated for the same idempotency key. */
export function keptPlacedAnswer(order: Order): KeptAnswer {
  return { status: 201, body: JSON.stringify(toPlacedAnswer(order)) };
}

/** A paid order's transaction, in the contract's form. */
export function toPaidAnswer(transactionUuid: string): orderApi.PayOrderResponse {
  return { transaction_uuid: transactionUuid };
}
