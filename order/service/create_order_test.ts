import assert from "node:assert/strict";
import { centsOfPrice, Unavailable } from "@rocket/platform/core";
import {
  InsufficientStock,
  NotTheOwnUser,
  PartsNotFound,
  RequestUnderWay,
  TooManyUnpaidOrders,
} from "../model/failures.ts";
import type { ClaimedAnswer } from "../model/idempotency.ts";
import type { OrderFacts } from "../model/order.ts";
import type { Part } from "../model/part.ts";
import type { UnpaidOrders } from "../model/unpaid_orders.ts";
import type { AddOutcome } from "../repository/orders.ts";
import { silentLog } from "../testing/an_order.ts";
import { createCreateOrder, FIRST_RESERVATION_MS } from "./create_order.ts";

const userUuid = crypto.randomUUID();
const EXTEND_AFTER_MS = 15_000;
const MAX_UNPAID = { orders: 3, pieces: 10 };

Deno.test("an order costs the sum of its pieces and awaits payment", async () => {
  const [bolt, engine] = [aPart({ price: 0.1 }), aPart({ price: 1_499.9 })];
  const { createOrder, added } = setUp({ parts: [bolt, engine] });

  const order = await createOrder({ userUuid, partUuids: [bolt.uuid, engine.uuid, bolt.uuid, bolt.uuid] });

  assert.equal(order.totalPrice, 150_020);
  assert.equal(order.status, "PENDING_PAYMENT");
  assert.equal(order.userUuid, userUuid);
  assert.deepEqual(order.partUuids, [bolt.uuid, engine.uuid, bolt.uuid, bolt.uuid]);
  assert.deepEqual(added, [order]);
});

Deno.test("inventory is called once, with each distinct part", async () => {
  const [one, other] = [aPart(), aPart()];
  const { createOrder, calls } = setUp({ parts: [one, other] });
  await createOrder({ userUuid, partUuids: [...Array(60).fill(one.uuid), ...Array(40).fill(other.uuid)] });
  assert.deepEqual(calls, [[one.uuid, other.uuid]]);
});

Deno.test("an order for the session's own user is placed; for another user it is refused before any call", async () => {
  const part = aPart();
  const { createOrder, calls, added } = setUp({ parts: [part] });
  const partUuids = [part.uuid];

  await createOrder({ userUuid, forUserUuid: userUuid, partUuids });
  await assert.rejects(
    createOrder({ userUuid, forUserUuid: crypto.randomUUID(), partUuids }),
    NotTheOwnUser,
  );

  assert.equal(calls.length, 1);
  assert.equal(added.length, 1);
});

Deno.test("all parts that do not exist are named, and only those", async () => {
  const part = aPart();
  const { createOrder, added } = setUp({ parts: [part] });
  const missing = [crypto.randomUUID(), crypto.randomUUID()];
  const [first = "", second = ""] = missing;

  const failure = await failureOf(createOrder({ userUuid, partUuids: [first, part.uuid, second, first] }));

  assert.ok(failure instanceof PartsNotFound);
  assert.equal(failure.message, `part ${first} does not exist; part ${second} does not exist`);
  assert.deepEqual(added, []);
});

Deno.test("a part that was not requested is not ordered, even if inventory returns it", async () => {
  const [requested, other] = [aPart({ price: 2 }), aPart({ price: 5 })];
  const { createOrder } = setUp({ parts: [requested, other] });
  assert.equal((await createOrder({ userUuid, partUuids: [requested.uuid] })).totalPrice, 200);
});

Deno.test("all pieces are reserved for a minute, and for longer once the order is added", async () => {
  const [one, other] = [aPart(), aPart()];
  const { createOrder, steps } = setUp({ parts: [one, other] });
  const order = await createOrder({ userUuid, partUuids: [one.uuid, other.uuid, one.uuid] });
  assert.deepEqual(steps, [
    `reserve ${order.orderUuid} for ${FIRST_RESERVATION_MS} ms`,
    `add ${order.orderUuid}`,
    `extend ${order.orderUuid}`,
  ]);
});

Deno.test("if pieces are short, nothing is added", async () => {
  const part = aPart();
  const short = new InsufficientStock(`part ${part.uuid} has too little stock: 1 ordered, 0 available`);
  const { createOrder, added } = setUp({ parts: [part], reserve: () => Promise.reject(short) });
  await assert.rejects(createOrder({ userUuid, partUuids: [part.uuid] }), short);
  assert.deepEqual(added, []);
});

Deno.test("an order whose claim has been lost is not placed, and its pieces are released at once", async () => {
  const part = aPart();
  const { createOrder, steps } = setUp({ parts: [part], add: "claim lost" });
  await assert.rejects(createOrder({ userUuid, partUuids: [part.uuid] }), RequestUnderWay);
  assert.match(steps.at(-1) ?? "", /^release /);
});

const UNPAID: readonly (readonly [string, UnpaidOrders, pieces: number, isPlaced: boolean])[] = [
  ["all orders but one, and few pieces", { orders: 2, pieces: 2 }, 1, true],
  ["all orders", { orders: 3, pieces: 3 }, 1, false],
  ["pieces that leave just enough", { orders: 1, pieces: 8 }, 2, true],
  ["pieces that leave too few", { orders: 1, pieces: 8 }, 3, false],
  ["more than the limit, which was lowered", { orders: 9, pieces: 90 }, 1, false],
];

for (const [what, unpaid, pieces, isPlaced] of UNPAID) {
  const outcome = isPlaced ? "may place another order" : "is refused before inventory is called";
  Deno.test(`a user with unpaid orders, ${what}, ${outcome}`, async () => {
    const part = aPart();
    const { createOrder, calls, steps } = setUp({ parts: [part], unpaid, maxUnpaid: MAX_UNPAID });
    const placing = createOrder({ userUuid, partUuids: Array(pieces).fill(part.uuid) });
    if (isPlaced) return void await placing;
    await assert.rejects(placing, TooManyUnpaidOrders);
    assert.deepEqual([calls, steps], [[], []]);
  });
}

Deno.test("an order that is one too many when it is added is refused, and its pieces are released", async () => {
  const part = aPart();
  const { createOrder, steps } = setUp({ parts: [part], add: "too many unpaid" });
  await assert.rejects(createOrder({ userUuid, partUuids: [part.uuid] }), TooManyUnpaidOrders);
  assert.match(steps.at(-1) ?? "", /^release /);
});

Deno.test("the answer stored with an order describes that order", async () => {
  const part = aPart();
  const { createOrder, claims } = setUp({ parts: [part] });
  const claim = {
    userUuid,
    operation: "createOrder",
    key: "k",
    claim: crypto.randomUUID(),
    isRepeat: false,
  } as const;
  const order = await createOrder(
    { userUuid, partUuids: [part.uuid] },
    ({ orderUuid }) => ({ claim, answer: { status: 201, body: orderUuid } }),
  );
  assert.deepEqual(claims, [{ claim, answer: { status: 201, body: order.orderUuid } }]);
});

Deno.test("if inventory does not answer, nothing is added", async () => {
  const { createOrder, added } = setUp({ findParts: () => Promise.reject(new Unavailable("inventory")) });
  await assert.rejects(createOrder({ userUuid, partUuids: [crypto.randomUUID()] }), Unavailable);
  assert.deepEqual(added, []);
});

function aPart({ price = 1 } = {}): Part {
  return { uuid: crypto.randomUUID(), price: centsOfPrice(price) };
}

interface Given {
  readonly maxUnpaid?: UnpaidOrders;
  readonly parts?: readonly Part[];
  readonly findParts?: () => Promise<readonly Part[]>;
  readonly reserve?: () => Promise<void>;
  readonly unpaid?: UnpaidOrders;
  readonly add?: AddOutcome;
}

function setUp(
  {
    maxUnpaid = { orders: 20, pieces: 200 },
    parts = [],
    findParts = () => Promise.resolve(parts),
    reserve = () => Promise.resolve(),
    unpaid = { orders: 0, pieces: 0 },
    add = "added",
  }: Given,
) {
  const calls: (readonly string[])[] = [];
  const added: OrderFacts[] = [];
  const claims: (ClaimedAnswer | undefined)[] = [];
  const steps: string[] = [];
  const createOrder = createCreateOrder({
    inventory: {
      findParts(uuids) {
        calls.push(uuids);
        return findParts();
      },
      reserveParts({ orderUuid }, ttlMs) {
        steps.push(`reserve ${orderUuid} for ${ttlMs} ms`);
        return reserve();
      },
    },
    releasePieces: (orderUuid) => Promise.resolve(void steps.push(`release ${orderUuid}`)),
    orders: {
      countUnpaid(user) {
        assert.equal(user, userUuid);
        return Promise.resolve(unpaid);
      },
      add(order, limit, extendAfterMs, claimed) {
        assert.deepEqual([limit, extendAfterMs], [maxUnpaid, EXTEND_AFTER_MS]);
        steps.push(`add ${order.orderUuid}`);
        added.push(order);
        claims.push(claimed);
        return Promise.resolve(add);
      },
    },
    maxUnpaid,
    extendReservation: ({ orderUuid }) => Promise.resolve(void steps.push(`extend ${orderUuid}`)),
    extendAfterMs: EXTEND_AFTER_MS,
    log: silentLog,
  });
  return { createOrder, calls, added, claims, steps };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(() => assert.fail("no failure"), (error: unknown) => error);
}
