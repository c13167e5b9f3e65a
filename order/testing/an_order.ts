import { centsOfPrice } from "@rocket/platform/core";
import { createLogger, type Logger } from "@rocket/platform/log";
import type { BegunOrder, Order, OrderFacts, OrderState, PaymentMethod } from "../model/order.ts";

/** A logger that writes nothing. */
export const silentLog: Logger = createLogger({ service: "order", level: "silent", format: "json" });

/** Builds an order; what is not given has a default. */
export function anOrder(
  state: OrderState = { status: "PENDING_PAYMENT" },
  facts: Partial<OrderFacts> = {},
): Order {
  return {
    orderUuid: "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10",
    userUuid: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    partUuids: ["2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11"],
    totalPrice: centsOfPrice(1499.9),
    ...facts,
    ...state,
  };
}

/** An order whose payment has begun. */
export function aBegunOrder(begunMethod: PaymentMethod = "CARD"): BegunOrder {
  return { ...anOrder(), status: "PENDING_PAYMENT", begunMethod };
}

/** An order that is paid, and perhaps assembled. */
export function aPaidOrder(method: PaymentMethod = "CARD", status: "PAID" | "ASSEMBLED" = "PAID"): Order {
  return anOrder({ status, payment: { transactionUuid: "5f0c3e0a-8a86-4f0e-9f57-0a1d1c2f7b42", method } });
}
