import assert from "node:assert/strict";
import fc from "fast-check";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { startInventoryAlone, type Stock } from "./inventory_alone.ts";
import { startReplica, stopBoth } from "./replica.ts";
import { addParts, expireReservation, pieceCounts } from "./stock_rows.ts";

/** The number of parts and orders in a run: few, so that actions collide. */
const PARTS = 3;
const ORDERS = 4;

/** The number of pieces of each part: too few for all orders. */
const PIECES = 7;

/** An action on an order, and the replica that it is sent to. */
interface Action {
  readonly what: "reserve" | "commit" | "release" | "expire";
  readonly order: number;
  readonly replica: 0 | 1;
  /** Which of the order's two lists of items is requested. */
  readonly items: 0 | 1;
}

/** Expected answers; any other is a defect. */
const ANSWERS: ReadonlySet<string> = new Set(["OK", "FAILED_PRECONDITION", "NOT_FOUND"]);

Deno.test("under concurrent actions, available, reserved and sold pieces always add up to the total", async () => {
  await using inventory = await startInventoryAlone({ RESERVATION_SWEEP_INTERVAL: "3ms" });
  await using replica = await startReplica(inventory);
  const { sql } = inventory;
  const stocks = [inventory.stock, replica.stock] as const;

  await fc.assert(
    fc.asyncProperty(
      anyItems(),
      fc.array(anyAction(), { minLength: 10, maxLength: 80 }),
      async (items, actions) => {
        const parts = await addParts(sql, ...Array(PARTS).fill(PIECES));
        const orders = Array.from({ length: ORDERS }, () => crypto.randomUUID());
        const sold = new Set<string>();
        const act = async ({ what, order, replica, items: choice }: Action) => {
          const orderUuid = orders[order] ?? "";
          const quantities = items[order]?.[choice] ?? [];
          const answer = what === "expire"
            ? statusOf(expireReservation(sql, orderUuid))
            : statusOf(call(stocks[replica], what, orderUuid, parts, quantities));
          assert.ok(ANSWERS.has(await answer), `${what}: ${await answer}`);
          if (what === "commit" && await answer === "OK") sold.add(orderUuid);
          await assertAddsUp();
        };
        const assertAddsUp = async () => {
          for (const { stock, held, sold } of await pieceCounts(sql, parts)) {
            assert.ok(stock >= 0);
            assert.equal(stock + held + sold, PIECES);
          }
        };

        // Eight at a time, so that each batch starts from the state that the last one left.
        for (let from = 0; from < actions.length; from += 8) {
          await Promise.all(actions.slice(from, from + 8).map(act));
        }

        const rows = await sql<{ uuid: string }[]>`
        select order_uuid as uuid from reservations
        where order_uuid = any (${orders}::uuid[]) and expires_at is null`;
        assert.deepEqual(new Set(rows.map(({ uuid }) => uuid)), sold);
      },
    ),
    { numRuns: 60 },
  );
  const log = await stopBoth(inventory, replica);
  assert.doesNotMatch(log.join("\n"), /call faulted|background work failed/);
});

function call(
  stock: Stock,
  what: "reserve" | "commit" | "release",
  orderUuid: string,
  parts: readonly string[],
  quantities: readonly number[],
): Promise<unknown> {
  if (what !== "reserve") return stock[what](orderUuid);
  const pieces = parts.flatMap((uuid, place) => {
    const quantity = quantities[place] ?? 0;
    return quantity > 0 ? [[uuid, quantity] as const] : [];
  });
  return stock.reserve(orderUuid, Object.fromEntries(pieces));
}

function anyAction(): fc.Arbitrary<Action> {
  // Reserved more often than the rest; otherwise there would be nothing to sell or release.
  const what = fc.constantFrom<Action["what"][]>(
    "reserve",
    "reserve",
    "reserve",
    "commit",
    "release",
    "expire",
  );
  const order = fc.nat({ max: ORDERS - 1 });
  return fc.record({ what, order, replica: fc.constantFrom(0, 1), items: fc.constantFrom(0, 0, 0, 1) });
}

/** Generates two lists of quantities by part for each order. */
function anyItems(): fc.Arbitrary<readonly (readonly (readonly number[])[])[]> {
  const quantities = fc.array(fc.nat({ max: 4 }), { minLength: PARTS, maxLength: PARTS })
    .filter((all) => all.some((quantity) => quantity > 0));
  const choices = fc.array(quantities, { minLength: 2, maxLength: 2 });
  return fc.array(choices, { minLength: ORDERS, maxLength: ORDERS });
}
