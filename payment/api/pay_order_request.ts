import { PaymentMethod as MethodMessage, type PayOrderRequest } from "@rocket/proto/payment";
import { type FieldViolation, InvalidArgument, parseUuid, UUID_RULE } from "@rocket/platform/core";
import { type Payment, PAYMENT_METHODS, type PaymentMethod } from "../model/payment.ts";

/**
 * Reads a `PayOrderRequest`.
 *
 * @throws {InvalidArgument} naming every field that breaks its rule.
 */
export function parsePayment(request: PayOrderRequest): Payment {
  const orderUuid = parseUuid(request.orderUuid);
  const userUuid = parseUuid(request.userUuid);
  const method = parseMethod(request.paymentMethod);
  if (orderUuid !== undefined && userUuid !== undefined && method !== undefined) {
    return { orderUuid, userUuid, method };
  }
  const violations: FieldViolation[] = [];
  if (orderUuid === undefined) violations.push({ field: "order_uuid", message: UUID_RULE });
  if (userUuid === undefined) violations.push({ field: "user_uuid", message: UUID_RULE });
  if (method === undefined) violations.push({ field: "payment_method", message: PAYMENT_METHOD_RULE });
  throw new InvalidArgument(violations);
}

const MESSAGE_BY_METHOD: Readonly<Record<PaymentMethod, MethodMessage>> = {
  CARD: MethodMessage.PAYMENT_METHOD_CARD,
  SBP: MethodMessage.PAYMENT_METHOD_SBP,
  CREDIT_CARD: MethodMessage.PAYMENT_METHOD_CREDIT_CARD,
  INVESTOR_MONEY: MethodMessage.PAYMENT_METHOD_INVESTOR_MONEY,
};

/** The rule of a payment method in a request, in words for the caller. */
const PAYMENT_METHOD_RULE = `must be one of ${
  Object.values(MESSAGE_BY_METHOD).map((message) => MethodMessage[message]).join(", ")
}`;

/** @returns `undefined` for the unspecified method and for numbers that name none. */
function parseMethod(message: MethodMessage): PaymentMethod | undefined {
  return PAYMENT_METHODS.find((method) => MESSAGE_BY_METHOD[method] === message);
}
