import { type Caller, createSessionUuid } from "@rocket/platform/auth";
import { Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import assert from "node:assert/strict";
import type { Provider } from "../client/provider.ts";
import { NotTheOwnUser } from "../model/failures.ts";
import type { Payment } from "../model/payment.ts";
import { createPayOrder } from "./pay_order.ts";

const userUuid = crypto.randomUUID();
const payment: Payment = { orderUuid: crypto.randomUUID(), userUuid, method: "SBP" };
const transactionUuid = crypto.randomUUID();

const service: Caller = { kind: "service" };

function sessionOf(uuid: string): Caller {
  return { kind: "session", session: { sessionUuid: createSessionUuid(), userUuid: uuid } };
}

const PAYERS = {
  "the user's session": sessionOf(userUuid),
  "a service": service,
};

for (const [who, caller] of Object.entries(PAYERS)) {
  Deno.test(`${who} pays with one charge, which is logged with the kind of caller`, async () => {
    const { payOrder, charged, logged } = setUp();
    assert.equal(await payOrder(payment, caller), transactionUuid);
    assert.deepEqual(charged, [payment]);
    assert.deepEqual(logged, [{
      order_uuid: payment.orderUuid,
      transaction_uuid: transactionUuid,
      payment_method: "SBP",
      called_by: caller.kind,
      msg: "order charged",
    }]);
  });
}

Deno.test("a session can't pay for another user, and nothing is charged", async () => {
  const { payOrder, charged, logged } = setUp();
  await assert.rejects(payOrder(payment, sessionOf(crypto.randomUUID())), NotTheOwnUser);
  assert.deepEqual([charged, logged], [[], []]);
});

Deno.test("the provider's failure is passed on, and nothing is logged as charged", async () => {
  const { payOrder, logged } = setUp(() => Promise.reject(new Unavailable("payment provider")));
  await assert.rejects(payOrder(payment, service), Unavailable);
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
