import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import { aBegunOrder, anOrder, aPaidOrder, silentLog } from "../testing/an_order.ts";
import { createCancelOrder } from "./cancel_order.ts";
import { createReleasePieces } from "./release_pieces.ts";

const { orderUuid, userUuid } = anOrder();

Deno.test("an order is cancelled, and then its pieces are released", async () => {
  const { cancelOrder, happened } = setUp({ orders: [anOrder()] });
  await cancelOrder(userUuid, orderUuid);
  assert.deepEqual(happened, ["cancel", "release"]);
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
  ["is cancelled already", anOrder({ status: "CANCELLED" }), OrderNotPending],
  ["is being paid", aBegunOrder(), PaymentUnderWay],
] as const;

for (const [state, order, failure] of REFUSED) {
  Deno.test(`an order that ${state} is not cancelled`, async () => {
    const { cancelOrder, happened } = setUp({ orders: [order] });
    await assert.rejects(cancelOrder(userUuid, orderUuid), failure);
    assert.deepEqual(happened, []);
  });

  Deno.test(`an order that ${state} a moment later is not cancelled, and its pieces stay reserved`, async () => {
    const { cancelOrder, happened } = setUp({ orders: [anOrder(), order], isTooLate: true });
    await assert.rejects(cancelOrder(userUuid, orderUuid), failure);
    assert.deepEqual(happened, ["cancel"]);
  });
}

interface World {
  /** What is found, one look after the other. */
  readonly orders: readonly Order[];
  readonly isTooLate?: boolean;
  readonly release?: () => Promise<void>;
}

function setUp({ orders, isTooLate = false, release = () => Promise.resolve() }: World) {
  const happened: string[] = [];
  const looks = orders.values();
  const inventory = {
    releaseParts() {
      happened.push("release");
      return release();
    },
  };
  const cancelOrder = createCancelOrder({
    getOrder: () => Promise.resolve(looks.next().value ?? assert.fail("there is no other look")),
    orders: {
      cancel() {
        happened.push("cancel");
        return Promise.resolve(!isTooLate);
      },
    },
    releasePieces: createReleasePieces(inventory, silentLog),
    log: silentLog,
  });
  return { cancelOrder, happened };
}
