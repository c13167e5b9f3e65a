import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { readErrorDetails } from "@rocket/platform/grpc";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { type InventoryAlone, startInventoryAlone } from "./inventory_alone.ts";
import { addParts, expireReservation, pieceCounts } from "./stock_rows.ts";

/** Difference between two clocks of one machine, plus the time of a call on a busy one, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5_000;

const HOUR_MS = 3_600_000;

Deno.test("pieces are reserved, sold and released", async (t) => {
  // So rarely that no sweep interferes.
  await using inventory = await startInventoryAlone({ RESERVATION_SWEEP_INTERVAL: "1h" });
  const { sql, stock, system } = inventory;

  await t.step("a reservation takes its pieces out of stock until it ends", async () => {
    const [bolt = "", nut = ""] = await addParts(sql, 10, 5);
    const { updatedAt } = await inventory.getPart(bolt) ?? {};
    const orderUuid = crypto.randomUUID();

    const expiresAt = await stock.reserve(orderUuid, { [nut]: 5, [bolt]: 3 });

    assert.ok(Math.abs(Number(expiresAt) - Date.now() - HOUR_MS) < CLOCK_TOLERANCE_MS, String(expiresAt));
    assert.deepEqual(await pieceCounts(sql, [bolt, nut]), [counts(7, 3), counts(0, 5)]);
    const part = await inventory.getPart(bolt);
    assert.equal(part?.stockQuantity, 7);
    assert.ok(Number(part?.updatedAt) > Number(updatedAt));
    const line = await lineOf(inventory, "parts reserved");
    assert.deepEqual([line.order_uuid, line.parts, line.pieces], [orderUuid, 2, 8]);
  });

  await t.step(
    "repeating it, in any order of items and any letter case, reserves nothing more and extends it",
    async () => {
      const parts = await addParts(sql, 10, 10);
      const [bolt = "", nut = ""] = parts;
      const orderUuid = crypto.randomUUID();
      const first = await stock.reserve(orderUuid, { [bolt]: 1, [nut]: 2 }, 60);
      const second = await stock.reserve(
        orderUuid.toUpperCase(),
        { [nut.toUpperCase()]: 2, [bolt]: 1 },
        86_400,
      );
      assert.ok(Math.abs(Number(second) - Number(first) - 86_340_000) < CLOCK_TOLERANCE_MS);
      assert.deepEqual(await pieceCounts(sql, parts), [counts(9, 1), counts(8, 2)]);
      const line = await lineOf(inventory, "reservation renewed");
      assert.deepEqual([line.order_uuid, line.parts, line.pieces], [orderUuid, 2, 3]);
    },
  );

  await t.step("a shorter time does not shorten a reservation", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    const first = await stock.reserve(orderUuid, { [bolt]: 1 }, 86_400);
    assert.deepEqual(await stock.reserve(orderUuid, { [bolt]: 1 }, 1), first);
  });

  await t.step("other pieces for the same order are refused, and nothing changes", async () => {
    const parts = await addParts(sql, 10, 10);
    const [bolt = "", nut = ""] = parts;
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 2 });
    for (const other of [{ [bolt]: 3 }, { [nut]: 2 }, { [bolt]: 2, [nut]: 1 }]) {
      const error = await errorOf(stock.reserve(orderUuid, other, 86_400));
      assertFailed(error, "FAILED_PRECONDITION", "RESERVATION_DIFFERS");
      assert.equal(error.details, `other pieces are reserved for order ${orderUuid}`);
    }
    assert.deepEqual(await pieceCounts(sql, parts), [counts(8, 2), counts(10)]);
    const [row] = await sql`select expires_at from reservations where order_uuid = ${orderUuid}`;
    assert.ok(Number(row?.["expires_at"]) < Date.now() + HOUR_MS + CLOCK_TOLERANCE_MS);
  });

  await t.step("if one part is short, nothing is reserved and every short part is named", async () => {
    const parts = await addParts(sql, 10, 2, 0);
    const [bolt = "", nut = "", washer = ""] = parts;
    const orderUuid = crypto.randomUUID();
    const error = await errorOf(stock.reserve(orderUuid, { [washer]: 1, [nut]: 3, [bolt]: 10 }));
    assertFailed(error, "FAILED_PRECONDITION", "STOCK_TOO_LITTLE");
    assert.equal(
      error.details,
      `part ${nut} has too little stock: 3 ordered, 2 available; part ${washer} has too little stock: 1 ordered, 0 available`,
    );
    assert.deepEqual(await pieceCounts(sql, parts), [counts(10), counts(2), counts(0)]);
    assert.equal(await statusOf(stock.commit(orderUuid)), "NOT_FOUND");
  });

  await t.step("the error for a hundred short parts is short enough to be delivered", async () => {
    const parts = await addParts(sql, ...Array(100).fill(0));
    const error = await errorOf(
      stock.reserve(crypto.randomUUID(), Object.fromEntries(parts.map((uuid) => [uuid, 100]))),
    );
    assertFailed(error, "FAILED_PRECONDITION", "STOCK_TOO_LITTLE");
    assert.match(error.details, /^part .* available; and \d\d more$/);
    assert.ok(error.details.length < 1_850);
  });

  await t.step("all parts that do not exist are named, and none of the others are reserved", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const unknown = [crypto.randomUUID(), crypto.randomUUID()].toSorted();
    const pieces = { [bolt]: 1, ...Object.fromEntries(unknown.map((uuid) => [uuid, 1])) };
    const orderUuid = crypto.randomUUID();
    const error = await errorOf(stock.reserve(orderUuid, pieces));
    assertFailed(error, "NOT_FOUND", "PART_NOT_FOUND");
    assert.equal(error.details, unknown.map((uuid) => `part ${uuid} does not exist`).join("; "));
    assert.deepEqual(await pieceCounts(sql, [bolt]), [counts(10)]);

    const hundred = Array.from({ length: 100 }, () => [crypto.randomUUID(), 1]);
    const { code, details } = await errorOf(stock.reserve(orderUuid, Object.fromEntries(hundred)));
    assert.equal(code, status.NOT_FOUND);
    assert.match(details, /^part .* does not exist; and \d\d more$/);
  });

  await t.step("sold pieces can't expire, be released or be reserved again", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4 }, 1);
    await stock.commit(orderUuid);
    await stock.commit(orderUuid.toUpperCase());
    assert.equal(await stock.reserve(orderUuid, { [bolt]: 4 }), undefined);
    const differing = await errorOf(stock.reserve(orderUuid, { [bolt]: 5 }));
    assertFailed(differing, "FAILED_PRECONDITION", "RESERVATION_DIFFERS");
    const error = await errorOf(stock.release(orderUuid));
    assertFailed(error, "FAILED_PRECONDITION", "RESERVATION_COMMITTED");
    assert.equal(error.details, `the pieces reserved for order ${orderUuid} have been sold`);
    await stock.commit(orderUuid);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [counts(6, 0, 4)]);
    const line = await lineOf(inventory, "parts committed");
    assert.deepEqual([line.order_uuid, line.parts, line.pieces], [orderUuid, 1, 4]);
  });

  await t.step("reserved pieces are released once, and repeating it does nothing", async () => {
    const parts = await addParts(sql, 10, 10);
    const [bolt = "", nut = ""] = parts;
    const orderUuid = crypto.randomUUID();
    await stock.reserve(orderUuid, { [bolt]: 4, [nut]: 1 });
    for (let time = 0; time < 3; time++) await stock.release(orderUuid);
    assert.deepEqual(await pieceCounts(sql, parts), [counts(10), counts(10)]);
    const line = await lineOf(inventory, "parts released");
    assert.deepEqual([line.order_uuid, line.parts, line.pieces], [orderUuid, 2, 5]);
    assertFailed(await errorOf(stock.commit(orderUuid)), "NOT_FOUND", "RESERVATION_NOT_FOUND");
    await stock.reserve(orderUuid, { [nut]: 10 });
    assert.deepEqual(await pieceCounts(sql, parts), [counts(10), counts(0, 10)]);
  });

  await t.step("an order without a reservation can't be sold, and releasing it does nothing", async () => {
    const orderUuid = crypto.randomUUID();
    const error = await errorOf(stock.commit(orderUuid));
    assertFailed(error, "NOT_FOUND", "RESERVATION_NOT_FOUND");
    assert.equal(error.details, `no pieces are reserved for order ${orderUuid}`);
    await stock.release(orderUuid);
  });

  await t.step("an expired reservation that was not swept yet can still be renewed and sold", async () => {
    const [bolt = ""] = await addParts(sql, 10);
    const [renewed, sold] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const orderUuid of [renewed, sold]) {
      await stock.reserve(orderUuid, { [bolt]: 3 });
      await expireReservation(sql, orderUuid);
    }
    const expiresAt = await stock.reserve(renewed, { [bolt]: 3 }, 60);
    assert.ok(Number(expiresAt) > Date.now());
    await stock.commit(sold);
    assert.deepEqual(await pieceCounts(sql, [bolt]), [counts(4, 3, 3)]);
  });

  await t.step("expired reservations are ended before a request is refused", async () => {
    const parts = await addParts(sql, 10, 1);
    const [bolt = "", nut = ""] = parts;
    const expired: readonly string[] = Array.from({ length: 10 }, () => crypto.randomUUID());
    for (const orderUuid of expired) {
      await stock.reserve(orderUuid, { [bolt]: 1 });
      await expireReservation(sql, orderUuid);
    }
    // It has expired too, and its parts are not requested.
    const other = crypto.randomUUID();
    await stock.reserve(other, { [nut]: 1 });
    await expireReservation(sql, other);

    await stock.reserve(crypto.randomUUID(), { [bolt]: 8 });

    assert.deepEqual(await pieceCounts(sql, parts), [counts(2, 8), counts(0, 1)]);
    const line = await lineOf(inventory, "reservation expired");
    assert.ok(expired.includes(String(line.order_uuid)));
    assert.deepEqual([line.parts, line.pieces], [1, 1]);
  });

  await t.step("the largest reservation works: 100 pieces of 100 parts, for 30 days", async () => {
    const parts = await addParts(sql, ...Array(100).fill(100));
    const all = Object.fromEntries(parts.map((uuid) => [uuid, 100]));
    const expiresAt = await stock.reserve(crypto.randomUUID(), all, 30 * 86_400);
    assert.ok(Math.abs(Number(expiresAt) - Date.now() - 30 * 24 * HOUR_MS) < CLOCK_TOLERANCE_MS);
    assert.deepEqual(await pieceCounts(sql, parts), Array(100).fill(counts(0, 100)));
  });

  await t.step("none of these calls faulted", async () => {
    await system.stop("inventory");
    assert.doesNotMatch(system.process("inventory").output.join("\n"), /call faulted/);
  });
});

/** Builds the counts of pieces that are available, reserved and sold. */
function counts(stock: number, held = 0, sold = 0) {
  return { stock, held, sold };
}

function assertFailed(
  { code, metadata }: Awaited<ReturnType<typeof errorOf>>,
  name: string,
  reason: string,
): void {
  assert.deepEqual([status[code], readErrorDetails(metadata).info?.reason], [name, reason]);
}

/** Waits for the next line of inventory's log with the message. */
async function lineOf({ system }: InventoryAlone, message: string): Promise<Record<string, unknown>> {
  const [line = ""] = await system.process("inventory").waitForLine(new RegExp(`^.*"msg":"${message}".*$`));
  return JSON.parse(line);
}
