import { Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import assert from "node:assert/strict";
import { type Fault, FAULTS } from "./config.ts";
import { warnOfFault, withFault } from "./fault.ts";
import type { Payment } from "./model/payment.ts";
import type { PayOrder } from "./service/pay_order.ts";

const payment: Payment = { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID(), method: "CARD" };
const transactionUuid = crypto.randomUUID();

Deno.test("without a fault, paying is unchanged", () => {
  const payOrder: PayOrder = () => Promise.resolve(transactionUuid);
  assert.equal(withFault("none", payOrder, () => {}), payOrder);
});

Deno.test("a payment that fails is UNAVAILABLE, and nothing is charged", async () => {
  const { pay, events } = setUp("fail");
  await assert.rejects(pay(), new Unavailable("payment provider"));
  assert.deepEqual(events, []);
});

Deno.test('with "die", the payment is charged and answered, and the exit is requested once', async () => {
  const { pay, events } = setUp("die");
  assert.equal(await pay(), transactionUuid);
  assert.deepEqual(events, ["called", "dying"]);
});

Deno.test("a refused payment neither ends the process nor is slow", async () => {
  for (const fault of ["die", "slow"] as const) {
    const { pay, events } = setUp(fault, () => Promise.reject(new Unavailable("payment provider")));
    await assert.rejects(pay(), Unavailable);
    assert.deepEqual(events, ["called"]);
  }
});

Deno.test("every fault is logged as a warning on start, and without a fault there is no warning", () => {
  const warnings: unknown[] = [];
  const stream = { write: (line: string) => void warnings.push(JSON.parse(line).fault) };
  const log = createLogger({ service: "payment", level: "info", format: "json" }, stream);
  for (const fault of FAULTS) warnOfFault(fault, log);
  assert.deepEqual(warnings, ["slow", "fail", "die"]);
});

function setUp(fault: Fault, charge: () => Promise<string> = () => Promise.resolve(transactionUuid)) {
  const events: string[] = [];
  const payOrder = () => {
    events.push("called");
    return charge();
  };
  const faulty = withFault(fault, payOrder, () => void events.push("dying"));
  return { pay: () => faulty(payment), events };
}
