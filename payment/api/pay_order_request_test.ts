import { PaymentMethod, PayOrderRequest } from "@rocket/proto/payment";
import { type FieldViolation, InvalidArgument } from "@rocket/platform/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { parsePayment } from "./pay_order_request.ts";

const orderUuid = "6a3f1c52-7d0e-4b8a-9c11-2f5e8d7b4a90";
const userUuid = "c7f0e2d4-1b35-4968-8a7c-0e9d6b5f4321";

const METHOD_RULE =
  "must be one of PAYMENT_METHOD_CARD, PAYMENT_METHOD_SBP, PAYMENT_METHOD_CREDIT_CARD, PAYMENT_METHOD_INVESTOR_MONEY";

function request(fields: Partial<PayOrderRequest> = {}): PayOrderRequest {
  return PayOrderRequest.fromPartial({
    orderUuid,
    userUuid,
    paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD,
    ...fields,
  });
}

for (const [number, method] of ["CARD", "SBP", "CREDIT_CARD", "INVESTOR_MONEY"].entries()) {
  Deno.test(`payment method ${number + 1} is ${method}`, () => {
    const paymentMethod: number = number + 1;
    assert.deepEqual(parsePayment(request({ paymentMethod })), { orderUuid, userUuid, method });
  });
}

Deno.test("UUIDs in upper case are converted to lower case", () => {
  const upperCase = { orderUuid: orderUuid.toUpperCase(), userUuid: userUuid.toUpperCase() };
  assert.deepEqual(parsePayment(request(upperCase)), { orderUuid, userUuid, method: "CARD" });
});

Deno.test("every number that is not a payment method is refused, including the unspecified one", () => {
  const invalidMethod = fc.oneof(fc.constant(0), fc.maxSafeInteger()).filter((number) =>
    number < 1 || number > 4
  );
  fc.assert(fc.property(invalidMethod, (paymentMethod) => {
    assert.deepEqual(refusal({ paymentMethod }), [{ field: "payment_method", message: METHOD_RULE }]);
  }));
});

Deno.test("all invalid fields are named at once, and only those", () => {
  const unspecified = PaymentMethod.PAYMENT_METHOD_UNSPECIFIED;
  assert.deepEqual(refusal({ orderUuid: "", userUuid: "me", paymentMethod: unspecified }), [
    { field: "order_uuid", message: "must be a UUID" },
    { field: "user_uuid", message: "must be a UUID" },
    { field: "payment_method", message: METHOD_RULE },
  ]);
  assert.deepEqual(refusal({ userUuid: `${userUuid}0` }), [{
    field: "user_uuid",
    message: "must be a UUID",
  }]);
});

function refusal(fields: Partial<PayOrderRequest>): readonly FieldViolation[] {
  try {
    parsePayment(request(fields));
  } catch (error) {
    if (error instanceof InvalidArgument) return error.violations;
    throw error;
  }
  assert.fail("the request was accepted");
}
