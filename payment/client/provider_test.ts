import assert from "node:assert/strict";
import { version } from "uuid";
import type { Payment } from "../model/payment.ts";
import { createStandInProvider } from "./provider.ts";

function payment(fields: Partial<Payment> = {}): Payment {
  return { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID(), method: "CARD", ...fields };
}

Deno.test("a transaction has a version 5 UUID, different for each order", async () => {
  const { charge } = createStandInProvider();
  const transactions = await Promise.all(Array.from({ length: 100 }, () => charge(payment())));
  assert.equal(new Set(transactions).size, 100);
  for (const uuid of transactions) assert.equal(version(uuid), 5);
});

Deno.test("an order has one transaction, for any payer and method, on every replica", async () => {
  const { orderUuid } = payment();
  const transactions = await Promise.all([
    createStandInProvider().charge(payment({ orderUuid })),
    createStandInProvider().charge(payment({ orderUuid, method: "SBP" })),
  ]);
  assert.equal(new Set(transactions).size, 1);
});

Deno.test("an order that was paid long ago still has its transaction", async () => {
  const orderUuid = "6a3f1c52-7d0e-4b8a-9c11-2f5e8d7b4a90";
  // The result of Python's uuid.uuid5.
  assert.equal(
    await createStandInProvider().charge(payment({ orderUuid })),
    "e9b2ca78-1b39-5545-a060-5bf2c78d2390",
  );
});
