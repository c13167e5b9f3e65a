import { Unavailable } from "@rocket/platform/core";
import { OrderPaid } from "@rocket/proto/events";
import assert from "node:assert/strict";
import type { FinishedPayment } from "../repository/payments.ts";
import { aBegunOrder, silentLog } from "../testing/an_order.ts";
import { createSettlePayment } from "./settle_payment.ts";

const TRANSACTION = crypto.randomUUID();
const order = aBegunOrder("SBP");

Deno.test("an order is charged, its pieces are sold, and only then it is marked as paid, with its event", async () => {
  const { settle, steps, finished } = setUp();
  assert.equal(await settle(order), TRANSACTION);
  assert.deepEqual(steps, ["charge", "commit", "finish"]);

  const [payment] = finished;
  assert.ok(payment);
  assert.deepEqual([payment.orderUuid, payment.transactionUuid], [order.orderUuid, TRANSACTION]);
  assert.equal(payment.event.eventType, "events.v1.OrderPaid");
  assert.deepEqual(OrderPaid.decode(payment.event.payload), {
    eventUuid: payment.event.eventUuid,
    orderUuid: order.orderUuid,
    userUuid: order.userUuid,
    paymentMethod: "SBP",
    transactionUuid: TRANSACTION,
  });
});

Deno.test("an order that another request has marked as paid counts as paid", async () => {
  const { settle } = setUp({ isAlreadyPaid: true });
  assert.equal(await settle(order), TRANSACTION);
});

for (
  const [step, before] of [["charge", []], ["commit", ["charge"]], ["finish", ["charge", "commit"]]] as const
) {
  Deno.test(`if ${step} fails, no later step is done`, async () => {
    const { settle, steps } = setUp({ fails: step });
    await assert.rejects(settle(order), Unavailable);
    assert.deepEqual(steps, [...before, step]);
  });
}

function setUp({ fails, isAlreadyPaid = false }: { fails?: string; isAlreadyPaid?: boolean } = {}) {
  const steps: string[] = [];
  const finished: FinishedPayment[] = [];
  const step = <T>(name: string, result: T): Promise<T> => {
    steps.push(name);
    return name === fails ? Promise.reject(new Unavailable(name)) : Promise.resolve(result);
  };
  const settle = createSettlePayment({
    payments: { charge: () => step("charge", TRANSACTION) },
    inventory: { commitParts: () => step("commit", undefined) },
    repository: {
      finish(payment) {
        finished.push(payment);
        return step("finish", !isAlreadyPaid);
      },
    },
    log: silentLog,
  });
  return { settle, steps, finished };
}
