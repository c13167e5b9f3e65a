import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import { InsufficientStock, OrderNotFound, OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { BegunOrder, Order } from "../model/order.ts";
import { aBegunOrder, anOrder, aPaidOrder } from "../testing/an_order.ts";
import { createPayOrder, PAYMENT_HOLD_MS } from "./pay_order.ts";

const { orderUuid, userUuid } = anOrder();
const request = { orderUuid, userUuid, method: "CARD", isRepeat: false } as const;
const TRANSACTION = crypto.randomUUID();

Deno.test("pieces are reserved, then the payment is started, then it is finished", async () => {
  const { payOrder, steps } = setUp({ orders: [anOrder()] });
  assert.equal(await payOrder(request), TRANSACTION);
  assert.deepEqual(steps, [
    `reserve for ${PAYMENT_HOLD_MS} ms`,
    "begin CARD",
    "settle CARD",
  ]);
});

Deno.test("a payment that has started continues by the same method", async () => {
  const { payOrder } = setUp({ orders: [aBegunOrder("CARD")] });
  assert.equal(await payOrder(request), TRANSACTION);
});

Deno.test("a repeat is answered from its order if that is paid by the same method", async () => {
  const paid = aPaidOrder("CARD");
  const { payOrder, steps } = setUp({ orders: [paid] });
  assert.equal(await payOrder({ ...request, isRepeat: true }), transactionOf(paid));
  assert.deepEqual(steps, []);
});

Deno.test("a repeat of a payment by another method is refused", async () => {
  const { payOrder } = setUp({ orders: [aPaidOrder("SBP")] });
  await assert.rejects(payOrder({ ...request, isRepeat: true }), OrderNotPending);
});

Deno.test("two requests that pay an order by the same method get the same transaction", async () => {
  const paid = aPaidOrder("CARD");
  const { payOrder } = setUp({ orders: [anOrder(), paid], begin: () => undefined });
  assert.equal(await payOrder(request), transactionOf(paid));
});

function transactionOf(order: Order): string | undefined {
  return "payment" in order ? order.payment.transactionUuid : undefined;
}

Deno.test("a paid order is refused before anything is reserved, started or charged", async () => {
  const { payOrder, steps } = setUp({ orders: [aPaidOrder("CARD")] });
  await assert.rejects(payOrder(request), OrderNotPending);
  assert.deepEqual(steps, []);
});

const REFUSED = [
  ["is paid by another method", aPaidOrder("SBP"), OrderNotPending],
  ["is cancelled", anOrder({ status: "CANCELLED" }), OrderNotPending],
  ["is being paid by another method", aBegunOrder("SBP"), PaymentUnderWay],
] as const;

for (const [state, order, failure] of REFUSED) {
  Deno.test(`an order that ${state} is refused before anything is reserved, started or charged`, async () => {
    const { payOrder, steps } = setUp({ orders: [order] });
    await assert.rejects(payOrder(request), failure);
    assert.deepEqual(steps, []);
  });

  Deno.test(`an order that ${state} a moment later is refused too, and nothing is charged`, async () => {
    const { payOrder, steps } = setUp({ orders: [anOrder(), order], begin: () => undefined });
    await assert.rejects(payOrder(request), failure);
    const released = order.status === "CANCELLED" ? ["release"] : [];
    assert.deepEqual(steps, [`reserve for ${PAYMENT_HOLD_MS} ms`, "begin CARD", ...released]);
  });
}

Deno.test("if the pieces are gone, no payment is started", async () => {
  const gone = new InsufficientStock("part x has too little stock");
  const { payOrder, steps } = setUp({ orders: [anOrder()], reserve: () => Promise.reject(gone) });
  await assert.rejects(payOrder(request), gone);
  assert.deepEqual(steps, [`reserve for ${PAYMENT_HOLD_MS} ms`]);
});

Deno.test("a payment that can't be finished fails with its cause", async () => {
  const { payOrder } = setUp({
    orders: [anOrder()],
    settle: () => Promise.reject(new Unavailable("payment")),
  });
  await assert.rejects(payOrder(request), Unavailable);
});

Deno.test("another user's order is not found", async () => {
  const { payOrder, steps } = setUp({ orders: [] });
  await assert.rejects(payOrder(request), OrderNotFound);
  assert.deepEqual(steps, []);
});

interface Given {
  /** The order that each successive call of `getOrder` returns; after the last, none is found. */
  readonly orders: readonly Order[];
  readonly reserve?: () => Promise<void>;
  readonly begin?: () => BegunOrder | undefined;
  readonly settle?: () => Promise<string>;
}

function setUp({
  orders,
  reserve = () => Promise.resolve(),
  begin = () => aBegunOrder(request.method),
  settle = () => Promise.resolve(TRANSACTION),
}: Given) {
  const steps: string[] = [];
  const results = orders.values();
  const payOrder = createPayOrder({
    getOrder(user, order) {
      assert.deepEqual([user, order], [userUuid, orderUuid]);
      const { value } = results.next();
      return value === undefined ? Promise.reject(new OrderNotFound(order)) : Promise.resolve(value);
    },
    inventory: {
      reserveParts(_order, ttlMs) {
        steps.push(`reserve for ${ttlMs} ms`);
        return reserve();
      },
    },
    releasePieces: () => Promise.resolve(void steps.push("release")),
    repository: {
      begin(_order, method) {
        steps.push(`begin ${method}`);
        return Promise.resolve(begin());
      },
    },
    settle(order) {
      steps.push(`settle ${order.begunMethod}`);
      return settle();
    },
    recoverAfterMs: 1_000,
  });
  return { payOrder, steps };
}
