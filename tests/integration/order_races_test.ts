import assert from "node:assert/strict";
import { assertBooksAgree, leavePieces, readBooks } from "../support/books.ts";
import { askToCancel, askToPay, askToPlaceOrder, httpStatus, placeOrder } from "../support/order_client.ts";
import { join } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

const CLIENTS = 100;
const PIECES_LEFT = 10;

Deno.test("100 clients order the last 10 pieces: 10 get one each, and stock ends at 0", async () => {
  await using system = await startSystem();
  await system.seedParts();
  const { sessionUuid } = await join(system);
  const uuid = await leavePieces(system, PIECES_LEFT);
  const { stock: before } = await readBooks(system);

  const answers = await Promise.all(
    Array.from(
      { length: CLIENTS },
      () => httpStatus(askToPlaceOrder(system, sessionUuid, { part_uuids: [uuid] })),
    ),
  );

  assert.deepEqual(answers.toSorted(), [
    ...Array(PIECES_LEFT).fill(201),
    ...Array(CLIENTS - PIECES_LEFT).fill(409),
  ]);
  const books = await readBooks(system);
  assert.equal(books.stock.get(uuid), 0);
  assert.equal(books.orders.length, PIECES_LEFT);
  assertBooksAgree(books, before);
});

Deno.test("of 100 orders that are paid and cancelled at once each is either, and charged only if paid", async () => {
  await using system = await startSystem();
  await system.seedParts();
  const { sessionUuid } = await join(system);
  const { stock: before } = await readBooks(system);
  const [uuid = ""] = [...before].find(([, pieces]) => pieces >= CLIENTS) ?? [];
  const orders: string[] = [];
  for (let n = 0; n < CLIENTS; n++) orders.push((await placeOrder(system, sessionUuid, [uuid])).order_uuid);

  const outcomes = await Promise.all(orders.map(async (orderUuid) =>
    await Promise.all([
      httpStatus(askToPay(system, sessionUuid, orderUuid)),
      httpStatus(askToCancel(system, sessionUuid, orderUuid)),
    ])
  ));

  const books = await readBooks(system);
  const statuses = new Map(books.orders.map(({ order_uuid, status }) => [order_uuid, status]));
  outcomes.forEach(([pay, cancel], n) => {
    const status = statuses.get(orders[n] ?? "");
    assert.deepEqual([pay, cancel], status === "PAID" ? [200, 409] : [409, 204], status);
  });
  assertBooksAgree(books, before);
  const cancelled = [...statuses.values()].filter((status) => status === "CANCELLED").length;
  assert.equal(books.stock.get(uuid), (before.get(uuid) ?? 0) - (CLIENTS - cancelled));
});
