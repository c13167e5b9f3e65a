import fc from "fast-check";
import assert from "node:assert/strict";
import pLimit from "p-limit";
import { eventually } from "@rocket/platform/testing/eventually";
import { assertConsistent, readState, setStock } from "../support/consistency.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { httpStatus, placeOrder, postCancellation, postOrder, postPayment } from "../support/order_client.ts";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

const CLIENTS = 100;
const PIECES_LEFT = 10;
/** Enough to race, and few enough for a busy machine to answer all in time. */
const CLIENTS_AT_ONCE = 25;
/** Few enough that pairs overlap without delaying one another. */
const CONCURRENCY = 5;

Deno.test("100 clients order the last 10 pieces: 10 get one each, and stock ends at 0", async () => {
  await using system = await startSystem({ env: { ORDER_MAX_UNPAID: String(CLIENTS) } });
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  const uuid = await setStock(system, PIECES_LEFT);
  const { stock: before } = await readState(system);

  const answers = await pLimit(CLIENTS_AT_ONCE).map(
    Array(CLIENTS).keys(),
    () => httpStatus(postOrder(system, sessionUuid, { part_uuids: [uuid] })),
  );

  assert.deepEqual(answers.toSorted(), [
    ...Array(PIECES_LEFT).fill(201),
    ...Array(CLIENTS - PIECES_LEFT).fill(409),
  ]);
  const state = await readState(system);
  assert.equal(state.stock.get(uuid), 0);
  assert.equal(state.orders.length, PIECES_LEFT);
  assertConsistent(state, before);
});

Deno.test("each of 100 orders that are paid and cancelled at once ends up as one of the two, and is charged only if paid", async () => {
  await using system = await startSystem({ env: { ORDER_MAX_UNPAID: String(CLIENTS) } });
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  const uuid = await setStock(system, 2 * CLIENTS);
  const { stock: before } = await readState(system);
  const orders: string[] = [];
  for (let n = 0; n < CLIENTS; n++) orders.push((await placeOrder(system, sessionUuid, [uuid])).order_uuid);

  // How long after the payment the cancellation is sent, in milliseconds: either may win. The seed is printed.
  const { seed } = fuzzRuns(CLIENTS);
  const [delays = []] = fc.sample(
    fc.array(fc.integer({ min: -15, max: 60 }), { minLength: CLIENTS, maxLength: CLIENTS }),
    { seed, numRuns: 1 },
  );
  const limit = pLimit(CONCURRENCY);
  const outcomes = await Promise.all(orders.map((orderUuid, n) =>
    limit(async () => {
      const delay = delays[n] ?? 0;
      return await Promise.all([
        after(-delay, () => httpStatus(postPayment(system, sessionUuid, orderUuid))),
        after(delay, () => httpStatus(postCancellation(system, sessionUuid, orderUuid))),
      ]);
    })
  ));

  const state = await readState(system);
  const statuses = new Map(state.orders.map(({ order_uuid, status }) => [order_uuid, status]));
  outcomes.forEach(([pay, cancel], n) => {
    const status = statuses.get(orders[n] ?? "");
    assert.deepEqual([pay, cancel], status === "PAID" ? [200, 409] : [409, 204], status);
  });
  assert.deepEqual(new Set(statuses.values()), new Set(["PAID", "CANCELLED"]), "both outcomes occur");
  const paid = [...statuses.values()].filter((status) => status === "PAID").length;
  // A cancelled order's pieces are released after its answer.
  await eventually(async () => {
    const later = await readState(system);
    assertConsistent(later, before);
    assert.equal(later.stock.get(uuid), 2 * CLIENTS - paid);
  });
});

async function after<T>(ms: number, work: () => Promise<T>): Promise<T> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return await work();
}
