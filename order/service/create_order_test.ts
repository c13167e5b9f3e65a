import assert from "node:assert/strict";
import { createLogger, Unavailable } from "@rocket/platform";
import { centsOfPrice } from "../model/cents.ts";
import { NotTheOwnUser, PartsNotFound, TooLittleStock } from "../model/failures.ts";
import type { Order } from "../model/order.ts";
import type { Part } from "../model/part.ts";
import { createCreateOrder } from "./create_order.ts";

const userUuid = crypto.randomUUID();
const log = createLogger({ service: "order", level: "silent", format: "json" });

Deno.test("an order costs the sum of its pieces and waits to be paid", async () => {
  const [bolt, engine] = [aPart({ price: 0.1 }), aPart({ price: 1_499.9 })];
  const { createOrder, added } = setUp({ parts: [bolt, engine] });

  const order = await createOrder({ userUuid, partUuids: [bolt.uuid, engine.uuid, bolt.uuid, bolt.uuid] });

  assert.equal(order.totalPrice, 150_020);
  assert.equal(order.status, "PENDING_PAYMENT");
  assert.equal(order.payment, undefined);
  assert.equal(order.userUuid, userUuid);
  assert.deepEqual(order.partUuids, [bolt.uuid, engine.uuid, bolt.uuid, bolt.uuid]);
  assert.deepEqual(added, [order]);
});

Deno.test("inventory is asked once, for each distinct part", async () => {
  const [one, other] = [aPart(), aPart()];
  const { createOrder, asked } = setUp({ parts: [one, other] });
  await createOrder({ userUuid, partUuids: [...Array(60).fill(one.uuid), ...Array(40).fill(other.uuid)] });
  assert.deepEqual(asked, [[one.uuid, other.uuid]]);
});

Deno.test("an order said to be for oneself is placed, for somebody else is refused before anyone is asked", async () => {
  const part = aPart();
  const { createOrder, asked, added } = setUp({ parts: [part] });
  const partUuids = [part.uuid];

  await createOrder({ userUuid, forUserUuid: userUuid, partUuids });
  await assert.rejects(
    createOrder({ userUuid, forUserUuid: crypto.randomUUID(), partUuids }),
    NotTheOwnUser,
  );

  assert.equal(asked.length, 1);
  assert.equal(added.length, 1);
});

Deno.test("all parts that do not exist are named, and only those", async () => {
  const part = aPart({ stock: 0 });
  const { createOrder, added } = setUp({ parts: [part] });
  const missing = [crypto.randomUUID(), crypto.randomUUID()];
  const [first = "", second = ""] = missing;

  const failure = await failureOf(createOrder({ userUuid, partUuids: [first, part.uuid, second, first] }));

  assert.ok(failure instanceof PartsNotFound);
  assert.equal(failure.message, `part ${first} does not exist; part ${second} does not exist`);
  assert.deepEqual(added, []);
});

Deno.test("a part that was not asked for is not ordered, whatever inventory answers", async () => {
  const [asked, unasked] = [aPart({ price: 2 }), aPart({ price: 5, stock: 0 })];
  const { createOrder } = setUp({ parts: [asked, unasked] });
  assert.equal((await createOrder({ userUuid, partUuids: [asked.uuid] })).totalPrice, 200);
});

const STOCK_TABLE = [
  { ordered: 1, stock: 1, isEnough: true },
  { ordered: 1, stock: 0, isEnough: false },
  { ordered: 3, stock: 3, isEnough: true },
  { ordered: 3, stock: 2, isEnough: false },
  { ordered: 100, stock: 99, isEnough: false },
  { ordered: 1, stock: -1, isEnough: false },
];

for (const { ordered, stock, isEnough } of STOCK_TABLE) {
  const verdict = isEnough ? "is placed" : "is refused";
  Deno.test(`an order of ${ordered} pieces where ${stock} are there ${verdict}`, async () => {
    const part = aPart({ stock });
    const { createOrder, added } = setUp({ parts: [part] });
    const placing = createOrder({ userUuid, partUuids: Array(ordered).fill(part.uuid) });
    if (isEnough) await placing;
    else await assert.rejects(placing, TooLittleStock);
    assert.equal(added.length, isEnough ? 1 : 0);
  });
}

Deno.test("all parts with too little stock are named, in the order they were ordered", async () => {
  const [short, plenty, none] = [aPart({ stock: 1 }), aPart(), aPart({ stock: 0 })];
  const { createOrder } = setUp({ parts: [none, plenty, short] });

  const failure = await failureOf(
    createOrder({ userUuid, partUuids: [short.uuid, short.uuid, plenty.uuid, none.uuid] }),
  );

  assert.ok(failure instanceof TooLittleStock);
  assert.deepEqual(failure.shortages, [
    { partUuid: short.uuid, ordered: 2, stock: 1 },
    { partUuid: none.uuid, ordered: 1, stock: 0 },
  ]);
  assert.match(failure.message, new RegExp(`${short.uuid} .*2 ordered, 1 there; part ${none.uuid} `));
});

Deno.test("where inventory does not answer nothing is added", async () => {
  const { createOrder, added } = setUp({ findParts: () => Promise.reject(new Unavailable("inventory")) });
  await assert.rejects(createOrder({ userUuid, partUuids: [crypto.randomUUID()] }), Unavailable);
  assert.deepEqual(added, []);
});

function aPart({ price = 1, stock = 1_000 } = {}): Part {
  return { uuid: crypto.randomUUID(), price: centsOfPrice(price), stock };
}

interface World {
  readonly parts?: readonly Part[];
  readonly findParts?: () => Promise<readonly Part[]>;
}

function setUp({ parts = [], findParts = () => Promise.resolve(parts) }: World) {
  const asked: (readonly string[])[] = [];
  const added: Order[] = [];
  const createOrder = createCreateOrder({
    inventory: {
      findParts(uuids) {
        asked.push(uuids);
        return findParts();
      },
    },
    orders: {
      add: (order) => Promise.resolve(void added.push(order)),
      findOfUser: () => Promise.resolve(undefined),
    },
    log,
  });
  return { createOrder, asked, added };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(() => assert.fail("it succeeded"), (error: unknown) => error);
}
