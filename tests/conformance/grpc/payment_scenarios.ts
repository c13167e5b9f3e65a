import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import type { Scenarios } from "./scenario.ts";

/** Drives `payment.v1.PaymentService` into every documented status. */
export function paymentScenarios({ ask }: GrpcStage): Scenarios {
  const pay = (changes?: Changes) => ask("payment.v1.PaymentService/PayOrder", changes);
  return {
    "payment.v1.PaymentService/PayOrder": {
      "OK": { ask: () => pay() },
      "INVALID_ARGUMENT": { ask: () => pay({ message: ALL_FIELDS_INVALID }) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => pay({ metadata: {} }) },
      "UNAUTHENTICATED SERVICE_TOKEN_INVALID": {
        ask: () => pay({ metadata: { "service-token": "wrong token" } }),
      },
      "PERMISSION_DENIED USER_NOT_OWN": { ask: () => pay({ message: { user_uuid: crypto.randomUUID() } }) },
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: () => pay() },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: () => pay() },
      // Payment has no store of its own, so only IAM's answer can make it fail.
      "INTERNAL": { given: "the sessions are garbled", ask: () => pay() },
    },
  };
}

const ALL_FIELDS_INVALID = {
  order_uuid: "not-a-uuid",
  user_uuid: "",
  payment_method: "PAYMENT_METHOD_UNSPECIFIED",
};
