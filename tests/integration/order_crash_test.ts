import { orderApi } from "@rocket/proto/order";
import fc from "fast-check";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { assertConsistent, readState } from "../support/consistency.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { httpStatus, postOrder, postPayment, retryUntilOk } from "../support/order_client.ts";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const ORDERS = 200;
const CONCURRENCY = 10;
const KILLS = 8;
/** How long pieces are reserved until their order is written. */
const FIRST_SECONDS = 60;

Deno.test("an order service that is killed repeatedly loses no orders, money or pieces", async () => {
  await using system = await startSystem({
    env: {
      ORDER_RECOVERY_AFTER: "1s",
      ORDER_WORK_INTERVAL: "100ms",
      ORDER_IDEMPOTENCY_LEASE: "1s",
      ORDER_MAX_UNPAID: String(ORDERS),
      ORDER_MAX_UNPAID_PIECES: String(3 * ORDERS),
      LOG_LEVEL: "info",
    },
  });
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  const { stock: before } = await readState(system);
  const parts = [...before].filter(([, pieces]) => pieces >= ORDERS * 2).map(([uuid]) => uuid);
  const [first = "", second = ""] = parts;

  // Pauses before each kill, in milliseconds; the seed is printed.
  const { seed } = fuzzRuns(KILLS);
  const [pauses = []] = fc.sample(
    fc.array(fc.integer({ min: 50, max: 700 }), { minLength: KILLS, maxLength: KILLS }),
    { seed, numRuns: 1 },
  );
  const waiting = Array.from({ length: ORDERS }, (_, n) => ({ key: `crash-${n}`, isPaid: n % 4 !== 0 }));
  const placed: string[] = [];
  let isDone = false;
  const clients = Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { key, isPaid } = next;
      const { order_uuid } = orderApi.CreateOrderResponse.parse(
        await retryUntilOk(() => postOrder(system, sessionUuid, { part_uuids: [first, second, first] }, key)),
      );
      placed.push(order_uuid);
      if (isPaid) await retryUntilOk(() => postPayment(system, sessionUuid, order_uuid, { key }));
    }
  })).finally(() => isDone = true);
  let kills = 0;
  for (const pauseMs of pauses) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (isDone) break;
    await killAndStart(system);
    kills++;
  }
  await clients;
  assert.ok(kills > 0, "no kill happened while clients were working");

  await eventually(async () => {
    const { orders } = await readState(system);
    const unfinished = orders.filter((order) =>
      order.status === "PENDING_PAYMENT" && order.payment_started_at
    );
    assert.deepEqual(unfinished, []);
  });
  const state = await readState(system);
  assert.deepEqual(state.orders.map(({ order_uuid }) => order_uuid).toSorted(), placed.toSorted());
  const unpaid = state.orders.filter(({ status }) => status === "PENDING_PAYMENT");
  assert.equal(unpaid.length, ORDERS / 4);
  assert.equal(state.orders.filter(({ status }) => status === "PAID").length, ORDERS - unpaid.length);
  await eventually(async () => assertConsistent(await readState(system), before));

  await eventually(async () => {
    const { reservations } = await readState(system);
    const secondsLeft = new Map(reservations.map((row) => [row.order_uuid, row.seconds_left ?? 0]));
    const short = unpaid.filter(({ order_uuid }) => (secondsLeft.get(order_uuid) ?? 0) <= FIRST_SECONDS);
    assert.deepEqual(short, [], "every unpaid order's pieces are reserved for the payment window");
  });
  for (const { order_uuid } of unpaid) {
    assert.equal(
      await httpStatus(postPayment(system, sessionUuid, order_uuid)),
      200,
      "an unpaid order can be paid",
    );
  }
  await eventually(async () => assertConsistent(await readState(system), before));
});

async function killAndStart(system: System): Promise<void> {
  system.process("order").kill("SIGKILL");
  await system.process("order").waitForExit();
  await system.start("order");
}
