import { Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import assert from "node:assert/strict";
import type { Provider } from "../client/provider.ts";
import type { Payment } from "../model/payment.ts";
import { createPayOrder } from "./pay_order.ts";

const userUuid = crypto.randomUUID();
const payment: Payment = { orderUuid: crypto.randomUUID(), userUuid, method: "SBP" };
const transactionUuid = crypto.randomUUID();

Deno.test("an order is charged once, for its user, and that is logged", async () => {
  const { payOrder, charged, logged } = setUp();
  assert.equal(await payOrder(payment), transactionUuid);
  assert.deepEqual(charged, [payment]);
  assert.deepEqual(logged, [{
    order_uuid: payment.orderUuid,
    user_uuid: userUuid,
    transaction_uuid: transactionUuid,
    payment_method: "SBP",
    msg: "order charged",
  }]);
});

Deno.test("the provider's failure is passed on, and nothing is logged as charged", async () => {
  const { payOrder, logged } = setUp(() => Promise.reject(new Unavailable("payment provider")));
  await assert.rejects(payOrder(payment), Unavailable);
  assert.deepEqual(logged, []);
});

function setUp(charge: Provider["charge"] = () => Promise.resolve(transactionUuid)) {
  const charged: Payment[] = [];
  const provider: Provider = {
    charge(payment) {
      charged.push(payment);
      return charge(payment);
    },
  };
  const logged: Record<string, unknown>[] = [];
  const stream = {
    write(line: string): void {
      const { level: _level, time: _time, service: _service, ...fields } = JSON.parse(line);
      logged.push(fields);
    },
  };
  const log = createLogger({ service: "payment", level: "info", format: "json" }, stream);
  return { payOrder: createPayOrder({ provider, log }), charged, logged };
}
