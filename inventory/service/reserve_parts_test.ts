import assert from "node:assert/strict";
import { createLogger } from "@rocket/platform/log";
import { InsufficientStock, PartsNotFound, ReservationDiffers } from "../model/failures.ts";
import type { Shortage } from "../model/reservation.ts";
import type { ReservationRepository, ReserveOutcome } from "../repository/reservations.ts";
import type { EndExpired } from "./end_expired.ts";
import { createReserveParts } from "./reserve_parts.ts";

const log = createLogger({ service: "inventory", level: "silent", format: "json" });
const expiresAt = new Date("2026-01-02T03:04:05.678Z");
const partUuid = crypto.randomUUID();
const request = { orderUuid: crypto.randomUUID(), items: [{ partUuid, quantity: 3 }], ttlMs: 60_000 };
const shortage: Shortage = { partUuid, ordered: 3, stock: 2 };

Deno.test("a new or renewed reservation returns its expiry; sold pieces have none", async () => {
  assert.equal(await setUp([{ type: "reserved", expiresAt }]).reserveParts(request), expiresAt);
  assert.equal(await setUp([{ type: "renewed", expiresAt }]).reserveParts(request), expiresAt);
  assert.equal(await setUp([{ type: "sold" }]).reserveParts(request), undefined);
});

Deno.test("other pieces and unknown parts are refused without a sweep", async () => {
  const other = setUp([{ type: "other items" }]);
  await assert.rejects(other.reserveParts(request), new ReservationDiffers(request.orderUuid));
  const unknown = setUp([{ type: "unknown parts", partUuids: [partUuid] }]);
  await assert.rejects(unknown.reserveParts(request), new PartsNotFound([partUuid]));
  assert.deepEqual([other.steps, unknown.steps], [["reserve"], ["reserve"]]);
});

Deno.test("insufficient stock is reported only if ending expired reservations was not enough", async () => {
  const { reserveParts, steps } = setUp([{ type: "insufficient stock" }], [[shortage]]);
  await assert.rejects(reserveParts(request), new InsufficientStock([shortage]));
  assert.deepEqual(steps, ["reserve", `sweep ${partUuid}`, "find shortages"]);
});

Deno.test("if enough pieces are available after that, it tries again, as often as needed", async () => {
  const insufficient: ReserveOutcome = { type: "insufficient stock" };
  const { reserveParts, steps } = setUp([insufficient, insufficient, { type: "reserved", expiresAt }], [
    [],
    [],
  ]);
  assert.equal(await reserveParts(request), expiresAt);
  const round = ["reserve", `sweep ${partUuid}`, "find shortages"];
  assert.deepEqual(steps, [...round, ...round, "reserve"]);
});

/** Builds the use case on a fake repository that returns these outcomes in turn. */
function setUp(outcomes: readonly ReserveOutcome[], shortages: readonly (readonly Shortage[])[] = []) {
  const steps: string[] = [];
  const [nextOutcome, nextShortages] = [outcomes.values(), shortages.values()];
  const unexpected = () => Promise.reject(new Error("not used by ReserveParts"));
  const reservations: ReservationRepository = {
    reserve(received) {
      steps.push("reserve");
      assert.equal(received, request);
      return Promise.resolve(nextOutcome.next().value ?? assert.fail("called too often"));
    },
    findShortages(items) {
      steps.push("find shortages");
      assert.equal(items, request.items);
      return Promise.resolve(nextShortages.next().value ?? assert.fail("called too often"));
    },
    commit: unexpected,
    release: unexpected,
    endExpired: unexpected,
    endExpiredOf: unexpected,
  };
  const endExpired: EndExpired = ({ holding }) =>
    Promise.resolve(void steps.push(`sweep ${holding?.join()}`));
  return { reserveParts: createReserveParts({ reservations, endExpired, log }), steps };
}
