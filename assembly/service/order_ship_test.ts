import assert from "node:assert/strict";
import { createOrderShip } from "./order_ship.ts";

const ship = { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID() };
const eventUuid = crypto.randomUUID();

/** Orders a ship. @returns For how long it is built, and whether the builders were woken. */
async function order({ random, isNew = true }: { random: number; isNew?: boolean }) {
  const outcome = { buildMs: NaN, isWoken: false };
  const orderShip = createOrderShip({
    ships: { add: (_ship, buildMs) => (outcome.buildMs = buildMs, Promise.resolve(isNew)) },
    buildTimeMs: { min: 1_000, max: 10_000 },
    onOrdered: () => outcome.isWoken = true,
    random: () => random,
  });
  await orderShip(ship, eventUuid);
  return outcome;
}

Deno.test("a ship takes between the shortest and the longest time to build", async () => {
  for (const [random, buildMs] of [[0, 1_000], [0.5, 5_500], [1, 10_000]] as const) {
    assert.deepEqual(await order({ random }), { buildMs, isWoken: true });
  }
});

Deno.test("a ship that was ordered before is not begun again", async () => {
  assert.equal((await order({ random: 0, isNew: false })).isWoken, false);
});
