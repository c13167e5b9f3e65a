import assert from "node:assert/strict";
import { silentLog } from "../testing/an_order.ts";
import { createCancelOverdue } from "./cancel_overdue.ts";

const OVERDUE = [crypto.randomUUID(), crypto.randomUUID()];

Deno.test("the pieces of every cancelled order are released", async () => {
  const { cancelOverdue, released } = setUp();
  await cancelOverdue(new AbortController().signal);
  assert.deepEqual(released, OVERDUE);
});

Deno.test("once the service is closing, no more orders are cancelled", async () => {
  const { cancelOverdue, released } = setUp();
  await cancelOverdue(AbortSignal.abort());
  assert.deepEqual(released, []);
});

function setUp() {
  const released: string[] = [];
  const cancelOverdue = createCancelOverdue({
    orders: { cancelOverdue: () => Promise.resolve(OVERDUE) },
    releasePieces: (orderUuid) => Promise.resolve(void released.push(orderUuid)),
    paymentWindowMs: 1_000,
    log: silentLog,
  });
  return { cancelOverdue, released };
}
