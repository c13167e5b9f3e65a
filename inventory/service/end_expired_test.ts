import assert from "node:assert/strict";
import { createLogger } from "@rocket/platform/log";
import { END_BATCH, type EndedReservation, type ReservationRepository } from "../repository/reservations.ts";
import { createEndExpired } from "./end_expired.ts";

const log = createLogger({ service: "inventory", level: "silent", format: "json" });

Deno.test("reservations are ended in batches until a batch is not full", async () => {
  for (
    const [batches, expectedCalls] of [[[0], 1], [[END_BATCH - 1], 1], [
      [END_BATCH, END_BATCH, 0],
      3,
    ]] as const
  ) {
    const { endExpired, calls } = setUp(batches);
    await endExpired({});
    assert.deepEqual(calls, Array(expectedCalls).fill("any"));
  }
});

Deno.test("if parts are named, only reservations that contain them are ended", async () => {
  const { endExpired, calls } = setUp([END_BATCH, 1]);
  await endExpired({ holding: ["bolt", "nut"] });
  assert.deepEqual(calls, ["bolt,nut", "bolt,nut"]);
});

Deno.test("once the service is closing, no further batch is started", async () => {
  const closing = new AbortController();
  const { endExpired, calls } = setUp([END_BATCH, END_BATCH], () => closing.abort());
  await endExpired({ closing: closing.signal });
  await endExpired({ closing: closing.signal });
  assert.deepEqual(calls, ["any"]);
});

/** Builds the use case on a fake repository with batches of these sizes. */
function setUp(sizes: readonly number[], onBatch: () => void = () => {}) {
  const calls: string[] = [];
  const sizesLeft = sizes.values();
  const end = (what: string): Promise<readonly EndedReservation[]> => {
    calls.push(what);
    onBatch();
    const size = sizesLeft.next().value ?? assert.fail("called too often");
    return Promise.resolve(
      Array.from({ length: size }, () => ({ orderUuid: crypto.randomUUID(), size: { parts: 1, pieces: 2 } })),
    );
  };
  const unexpected = () => Promise.reject(new Error("not expected to be called"));
  const reservations: ReservationRepository = {
    reserve: unexpected,
    findShortages: unexpected,
    commit: unexpected,
    release: unexpected,
    endExpired: () => end("any"),
    endExpiredOf: (partUuids) => end(partUuids.join()),
  };
  return { endExpired: createEndExpired(reservations, log), calls };
}
