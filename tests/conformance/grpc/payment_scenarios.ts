import type { Changes, GrpcStage } from "../../support/grpc_stage.ts";
import type { Scenarios } from "./scenario.ts";

/** Drives `payment.v1.PaymentService` into every documented status. */
export function paymentScenarios({ ask, person }: GrpcStage): Scenarios {
  const pay = (changes?: Changes) => ask("payment.v1.PaymentService/PayOrder", changes);
  const payInSession = () => pay({ metadata: { "session-uuid": person.sessionUuid } });
  return {
    "payment.v1.PaymentService/PayOrder": {
      "OK": { ask: () => pay() },
      "INVALID_ARGUMENT": { ask: () => pay({ message: ALL_FIELDS_INVALID }) },
      "UNAUTHENTICATED SESSION_INVALID": { ask: () => pay({ metadata: {} }) },
      "UNAUTHENTICATED SERVICE_TOKEN_INVALID": {
        ask: () => pay({ metadata: { "service-token": "wrong token" } }),
      },
      "PERMISSION_DENIED SERVICES_ONLY": { ask: payInSession },
      // Payment has no store of its own and asks only IAM, about callers without a service token.
      "UNAVAILABLE DEPENDENCY_UNAVAILABLE": { given: "Redis is down", ask: payInSession },
      "DEADLINE_EXCEEDED": { given: "Redis is silent", ask: payInSession },
      "INTERNAL": { given: "the sessions are garbled", ask: payInSession },
    },
  };
}

const ALL_FIELDS_INVALID = {
  order_uuid: "not-a-uuid",
  user_uuid: "",
  payment_method: "PAYMENT_METHOD_UNSPECIFIED",
};
