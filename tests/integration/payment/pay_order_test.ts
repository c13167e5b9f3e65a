import assert from "node:assert/strict";
import { PaymentMethod } from "@rocket/proto";
import { startFakeIam } from "../../support/fake_iam.ts";
import { call } from "../../support/grpc_call.ts";
import { startSystem } from "../../support/system.ts";

Deno.test("a session pays its own user's order", async () => {
  await using iam = await startFakeIam();
  await using system = await startSystem({ services: ["payment"], env: { IAM_GRPC_TARGET: iam.target } });
  const { sessionUuid, userUuid } = iam.openSession();
  const { payment } = system;
  const order = {
    orderUuid: crypto.randomUUID(),
    userUuid,
    paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD,
  };
  const { transactionUuid } = await call(payment.payOrder.bind(payment), order, {
    "session-uuid": sessionUuid,
  });
  assert.match(transactionUuid, /^[0-9a-f-]{36}$/);
});
