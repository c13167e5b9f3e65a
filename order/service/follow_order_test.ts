import assert from "node:assert/strict";
import { type Failure, Unauthenticated } from "@rocket/platform/core";
import { OrderNotFound, TooManyFollowed } from "../model/failures.ts";
import type { Order, OrderStatus } from "../model/order.ts";
import { anOrder, aPaidOrder } from "../testing/an_order.ts";
import { createFollowOrder } from "./follow_order.ts";

const { userUuid, orderUuid } = anOrder();
const cancelled = anOrder({ status: "CANCELLED" });

interface SetUp {
  readonly order?: Order;
  readonly lookEveryMs?: number;
  /** With which reading the order fails. */
  readonly failure?: Failure;
}

/** Follows an order whose state the test sets. */
function setUp({ order = anOrder(), lookEveryMs = 1_000_000, failure }: SetUp = {}) {
  let current = order;
  const watchers = new Set<() => void>();
  const ending = new AbortController();
  let mayGoOn = () => Promise.resolve();
  const followOrder = createFollowOrder({
    getOrder: () => failure === undefined ? Promise.resolve(current) : Promise.reject(failure),
    changes: {
      watch(_uuid, onChange) {
        watchers.add(onChange);
        return { [Symbol.dispose]: () => void watchers.delete(onChange) };
      },
    },
    lookEveryMs,
  });
  return {
    ending,
    watchers,
    become(next: Order) {
      current = next;
      watchers.forEach((onChange) => onChange());
    },
    endSession: () => void (mayGoOn = () => Promise.reject(new Unauthenticated())),
    follow: (after?: OrderStatus) =>
      followOrder({ userUuid, orderUuid, after, mayGoOn: () => mayGoOn(), ending: ending.signal }),
  };
}

Deno.test("an order is followed from its present status to its last", async () => {
  const { follow, become, watchers } = setUp();
  const statuses = follow();
  assert.deepEqual(await statuses.next(), { done: false, value: "PENDING_PAYMENT" });
  become(cancelled);
  assert.deepEqual(await statuses.next(), { done: false, value: "CANCELLED" });
  assert.deepEqual(await statuses.next(), { done: true, value: undefined });
  assert.equal(watchers.size, 0);
});

for (
  const [order, after, told] of [
    [aPaidOrder("CARD", "ASSEMBLED"), "PENDING_PAYMENT", ["PAID", "ASSEMBLED"]],
    [aPaidOrder("CARD", "ASSEMBLED"), undefined, ["ASSEMBLED"]],
    [cancelled, "PENDING_PAYMENT", ["CANCELLED"]],
    [cancelled, "CANCELLED", []],
  ] as const
) {
  const what = told.join(" and ") || "nothing";
  Deno.test(`who knows ${after ?? "no status"} of an order that is ${order.status} gets ${what}`, async () => {
    assert.deepEqual(await Array.fromAsync(setUp({ order }).follow(after)), told);
  });
}

Deno.test("two changes at once come one after the other", async () => {
  const { follow, become } = setUp();
  const statuses = follow();
  await statuses.next();
  become(aPaidOrder("CARD", "ASSEMBLED"));
  assert.deepEqual([await statuses.next(), await statuses.next()].map(({ value }) => value), [
    "PAID",
    "ASSEMBLED",
  ]);
});

Deno.test("a follower hears now and then that the order still waits", async () => {
  const statuses = setUp({ lookEveryMs: 1 }).follow();
  await statuses.next();
  assert.deepEqual(await statuses.next(), { done: false, value: "still waiting" });
});

Deno.test("a follower whose session has ended gets nothing more", async () => {
  const { follow, become, endSession, watchers } = setUp();
  const statuses = follow();
  await statuses.next();
  endSession();
  become(aPaidOrder());
  await assert.rejects(statuses.next(), Unauthenticated);
  assert.equal(watchers.size, 0);
});

Deno.test("following ends when it is asked to", async () => {
  const { follow, ending, watchers } = setUp();
  const statuses = follow();
  await statuses.next();
  const next = statuses.next();
  ending.abort();
  assert.equal((await next).done, true);
  assert.equal(watchers.size, 0);
});

Deno.test("a user may follow ten orders at once, and another once one is no longer followed", async () => {
  const { follow } = setUp();
  const followed = Array.from({ length: 10 }, () => follow());
  for (const statuses of followed) await statuses.next();
  await assert.rejects(follow().next(), TooManyFollowed);
  await followed[0]?.return();
  assert.equal((await follow().next()).value, "PENDING_PAYMENT");
});

Deno.test("an order that is not the user's can't be followed", async () => {
  const { follow, watchers } = setUp({ failure: new OrderNotFound(orderUuid) });
  await assert.rejects(follow().next(), OrderNotFound);
  assert.equal(watchers.size, 0);
});
