import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { InsufficientStock } from "../model/failures.ts";
import { aBegunOrder, silentLog } from "../testing/an_order.ts";
import { createRecoverPayments } from "./recover_payments.ts";

const [first, second] = [aBegunOrder(), { ...aBegunOrder("SBP"), orderUuid: crypto.randomUUID() }];

Deno.test("every recovered payment has its pieces reserved again and is finished", async () => {
  const { recover, steps } = setUp();
  await recover(new AbortController().signal);
  for (const { orderUuid } of [first, second]) {
    const ofOrder = steps.filter((step) => step.includes(orderUuid));
    assert.deepEqual(ofOrder, [`reserve ${orderUuid}`, `settle ${orderUuid}`]);
  }
});

Deno.test("a payment that can't be finished is left for later, and the others are finished", async () => {
  for (
    const failure of [new Unavailable("payment"), new InsufficientStock("gone"), new TypeError("a bug")]
  ) {
    const { recover, steps } = setUp(failure);
    await recover(new AbortController().signal);
    assert.deepEqual(steps, [
      `reserve ${first.orderUuid}`,
      `reserve ${second.orderUuid}`,
      `settle ${second.orderUuid}`,
    ]);
  }
});

Deno.test("once the service is closing, no further payment is recovered", async () => {
  const { recover, steps } = setUp();
  await recover(AbortSignal.abort());
  assert.deepEqual(steps, []);
});

function setUp(failure?: Error) {
  const steps: string[] = [];
  const recover = createRecoverPayments({
    repository: { takeUnfinished: () => Promise.resolve([first, second]) },
    inventory: {
      reserveParts({ orderUuid }) {
        steps.push(`reserve ${orderUuid}`);
        return failure !== undefined && orderUuid === first.orderUuid
          ? Promise.reject(failure)
          : Promise.resolve();
      },
    },
    settle({ orderUuid }) {
      steps.push(`settle ${orderUuid}`);
      return Promise.resolve(crypto.randomUUID());
    },
    recoverAfterMs: 1_000,
    log: silentLog,
  });
  return { recover, steps };
}
