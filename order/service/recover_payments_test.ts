import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { InsufficientStock } from "../model/failures.ts";
import { aBegunOrder, silentLog } from "../testing/an_order.ts";
import { createRecoverPayments } from "./recover_payments.ts";

const [first, second] = [aBegunOrder(), { ...aBegunOrder("SBP"), orderUuid: crypto.randomUUID() }];

Deno.test("every recovered payment reserves its pieces again and is finished", async () => {
  const { recover, happened } = setUp();
  await recover(new AbortController().signal);
  for (const { orderUuid } of [first, second]) {
    const of = happened.filter((what) => what.includes(orderUuid));
    assert.deepEqual(of, [`reserve ${orderUuid}`, `settle ${orderUuid} as service`]);
  }
});

Deno.test("one that can't be finished is left for later, and the others are finished", async () => {
  for (
    const failure of [new Unavailable("payment"), new InsufficientStock("gone"), new TypeError("a fault")]
  ) {
    const { recover, happened } = setUp(failure);
    await recover(new AbortController().signal);
    assert.deepEqual(happened, [
      `reserve ${first.orderUuid}`,
      `reserve ${second.orderUuid}`,
      `settle ${second.orderUuid} as service`,
    ]);
  }
});

Deno.test("once the service closes, no other payment is taken up", async () => {
  const { recover, happened } = setUp();
  await recover(AbortSignal.abort());
  assert.deepEqual(happened, []);
});

function setUp(failure?: Error) {
  const happened: string[] = [];
  const recover = createRecoverPayments({
    repository: { takeUnfinished: () => Promise.resolve([first, second]) },
    inventory: {
      reserveParts({ orderUuid }) {
        happened.push(`reserve ${orderUuid}`);
        return failure !== undefined && orderUuid === first.orderUuid
          ? Promise.reject(failure)
          : Promise.resolve();
      },
    },
    settle({ orderUuid }, authority) {
      happened.push(`settle ${orderUuid} as ${authority}`);
      return Promise.resolve(crypto.randomUUID());
    },
    recoverAfterMs: 1_000,
    log: silentLog,
  });
  return { recover, happened };
}
