import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { readErrorDetails } from "@rocket/platform/grpc";
import { CallRefused } from "@rocket/platform/testing/raw-client";
import { fetchOrderApi, httpStatus, placeOrder, readOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { type Person, registerAndLogIn } from "../support/person.ts";
import { startSystem, type System } from "../support/system.ts";

const CLIENTS = 50;

const BUSY = new Set<number>([status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED]);

/** The number of attempts on a busy machine: the test is about answers, not about their speed. */
const MAX_ATTEMPTS = 20;

Deno.test("50 concurrent clients register, log in and order, and every order belongs to its own user", async () => {
  await using system = await startSystem();
  await system.seedParts();
  const first = await registerAndLogIn(system);
  const parts = await plentifulParts(system, first.sessionUuid);

  const clients = await Promise.all(Array.from({ length: CLIENTS }, async (_, n) => {
    const person = await joinWithRetries(system);
    // Each client orders something different, so that mixed-up answers are noticed.
    const basket = Array.from(
      { length: 1 + n % 5 },
      (_, piece) => parts[(n + piece) % parts.length]?.uuid ?? "",
    );
    const placed = await placeOrder(system, person.sessionUuid, basket);
    return { person, basket, placed };
  }));

  await Promise.all(clients.map(async ({ person, basket, placed }, n) => {
    const order = await readOrder(system, person.sessionUuid, placed.order_uuid);
    assert.equal(order.user_uuid, person.userUuid);
    assert.deepEqual(order.part_uuids, basket);
    assert.equal(order.total_price, placed.total_price);
    const neighbour = clients[(n + 1) % CLIENTS];
    assert.ok(neighbour);
    const theirs = `/api/v1/orders/${neighbour.placed.order_uuid}`;
    assert.equal(await httpStatus(fetchOrderApi(system, theirs, person.sessionUuid)), 404);
  }));
  assert.equal(new Set(clients.map(({ placed }) => placed.order_uuid)).size, CLIENTS);
});

/** Joins as a new person, and retries if IAM did not answer in time, or when it says that it will have time. */
async function joinWithRetries(system: System): Promise<Person> {
  for (let attempt = 1;; attempt++) {
    try {
      return await registerAndLogIn(system);
    } catch (error) {
      if (!(error instanceof CallRefused) || !BUSY.has(error.code) || attempt === MAX_ATTEMPTS) throw error;
      const { retryAfterSeconds = 0 } = readErrorDetails(error.metadata);
      await new Promise((resolve) => setTimeout(resolve, retryAfterSeconds * 1_000));
    }
  }
}
