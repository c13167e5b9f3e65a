import assert from "node:assert/strict";
import { createSignal } from "@rocket/platform/core";
import type { OutboxEvent } from "@rocket/platform/outbox";
import { createLogger } from "@rocket/platform/log";
import { eventually } from "@rocket/platform/testing/eventually";
import { ShipAssembled } from "@rocket/proto/events";
import type { BuiltShip } from "../model/ship.ts";
import { createBuildShips } from "./build_ships.ts";

const log = createLogger({ service: "assembly", level: "silent", format: "json" });

function aShip(builtForMs = 2_500): BuiltShip {
  return { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID(), builtForMs };
}

/** Builds until the events that are expected have been written. */
async function build(yard: BuiltShip[], expected: number) {
  const events: OutboxEvent[] = [];
  const begun: number[] = [];
  const closing = new AbortController();
  const building = createBuildShips({
    ships: {
      begin: (atOnce) => Promise.resolve(void begun.push(atOnce)),
      listBuilt: (limit) => Promise.resolve(yard.slice(0, limit)),
      finish(orderUuid, event) {
        yard.splice(yard.findIndex((ship) => ship.orderUuid === orderUuid), 1);
        events.push(event);
        return Promise.resolve(true);
      },
      untilNextMs: () => Promise.resolve(undefined),
    },
    atOnce: 7,
    ordered: createSignal(),
    log,
  })(closing.signal);
  await eventually(() => Promise.resolve(assert.equal(events.length, expected)));
  closing.abort();
  await building;
  return { events, begun };
}

Deno.test("a built ship is reported with the time that it truly took, under its order", async () => {
  const ship = aShip();
  const { events: [event] } = await build([ship], 1);
  assert.ok(event);
  assert.deepEqual([event.topic, event.key, event.eventType], [
    "order.assembled",
    ship.orderUuid,
    "events.v1.ShipAssembled",
  ]);
  assert.deepEqual(ShipAssembled.decode(event.payload), {
    eventUuid: event.eventUuid,
    orderUuid: ship.orderUuid,
    userUuid: ship.userUuid,
    buildTimeSec: 3,
  });
});

Deno.test("every built ship is reported, and no more are begun than may be in work", async () => {
  const { events, begun } = await build(Array.from({ length: 250 }, () => aShip()), 250);
  assert.equal(new Set(events.map(({ key }) => key)).size, 250);
  assert.deepEqual(new Set(begun), new Set([7]));
});
