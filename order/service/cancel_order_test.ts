import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import { aBegunOrder, anOrder, aPaidOrder, silentLog } from "../testing/an_order.ts";
import { createCancelOrder } from "./cancel_order.ts";
import { createReleasePieces } from "./release_pieces.ts";

const { orderUuid, userUuid } = anOrder();

Deno.test("an order is cancelled, and then its pieces are released", async () => {
  const { cancelOrder, steps } = setUp({ orders: [anOrder()] });
  await cancelOrder(userUuid, orderUuid);
  assert.deepEqual(steps, ["cancel", "release"]);
});

Deno.test("an order is cancelled even if its pieces can't be released now", async () => {
  const { cancelOrder } = setUp({
    orders: [anOrder()],
    release: () => Promise.reject(new Unavailable("inventory")),
  });
  await cancelOrder(userUuid, orderUuid);
});

const REFUSED = [
  ["is paid", aPaidOrder(), OrderNotPending],
  ["is already cancelled", anOrder({ status: "CANCELLED" }), OrderNotPending],
  ["is being paid", aBegunOrder(), PaymentUnderWay],
] as const;

for (const [state, order, failure] of REFUSED) {
  Deno.test(`an order that ${state} is not cancelled`, async () => {
    const { cancelOrder, steps } = setUp({ orders: [order] });
    await assert.rejects(cancelOrder(userUuid, orderUuid), failure);
    assert.deepEqual(steps, []);
  });

  Deno.test(`an order that ${state} a moment later is not cancelled, and its pieces stay reserved`, async () => {
    const { cancelOrder, steps } = setUp({ orders: [anOrder(), order], isTooLate: true });
    await assert.rejects(cancelOrder(userUuid, orderUuid), failure);
    assert.deepEqual(steps, ["cancel"]);
  });
}

interface Given {
  /** The order that each successive call of `getOrder` returns. */
  readonly orders: readonly Order[];
  readonly isTooLate?: boolean;
  readonly release?: () => Promise<void>;
}

function setUp({ orders, isTooLate = false, release = () => Promise.resolve() }: Given) {
  const steps: string[] = [];
  const results = orders.values();
  const inventory = {
    releaseParts() {
      steps.push("release");
      return release();
    },
  };
  const cancelOrder = createCancelOrder({
    getOrder: () => Promise.resolve(results.next().value ?? assert.fail("unexpected call of getOrder")),
    orders: {
      cancel() {
        steps.push("cancel");
        return Promise.resolve(!isTooLate);
      },
    },
    releasePieces: createReleasePieces(inventory, silentLog),
    log: silentLog,
  });
  return { cancelOrder, steps };
}
