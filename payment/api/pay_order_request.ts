import { PaymentMethod as MethodMessage, type PayOrderRequest } from "@rocket/proto/payment";
import { collectViolations, parseUuid, UUID_RULE } from "@rocket/platform/core";
import { type Payment, PAYMENT_METHODS, type PaymentMethod } from "../model/payment.ts";

/**
 * Parses a `PayOrderRequest`.
 *
 * @throws {InvalidArgument} naming every field that breaks its rule.
 */
export function parsePayment(request: PayOrderRequest): Payment {
  const { refuse, finish } = collectViolations();
  return finish({
    orderUuid: parseUuid(request.orderUuid) ?? refuse("order_uuid", UUID_RULE),
    userUuid: parseUuid(request.userUuid) ?? refuse("user_uuid", UUID_RULE),
    method: parseMethod(request.paymentMethod) ?? refuse("payment_method", PAYMENT_METHOD_RULE),
  });
}

const MESSAGE_BY_METHOD: Readonly<Record<PaymentMethod, MethodMessage>> = {
  CARD: MethodMessage.PAYMENT_METHOD_CARD,
  SBP: MethodMessage.PAYMENT_METHOD_SBP,
  CREDIT_CARD: MethodMessage.PAYMENT_METHOD_CREDIT_CARD,
  INVESTOR_MONEY: MethodMessage.PAYMENT_METHOD_INVESTOR_MONEY,
};

/** The rule for a payment method in a request, as the client reads it. */
const PAYMENT_METHOD_RULE = `must be one of ${
  Object.values(MESSAGE_BY_METHOD).map((message) => MethodMessage[message]).join(", ")
}`;

/** @returns `undefined` for the unspecified method and for unknown numbers. */
function parseMethod(message: MethodMessage): PaymentMethod | undefined {
  return PAYMENT_METHODS.find((method) => MESSAGE_BY_METHOD[method] === message);
}
