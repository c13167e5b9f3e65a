import { Unavailable } from "@rocket/platform/core";
import assert from "node:assert/strict";
import type { OrderStatus } from "../model/order.ts";
import { anOrder, silentLog } from "../testing/an_order.ts";
import { createExtendReservation, RESERVATION_MARGIN_MS } from "./extend_reservation.ts";

const PAYMENT_WINDOW_MS = 1_800_000;
const reserved = `reserve for ${PAYMENT_WINDOW_MS + RESERVATION_MARGIN_MS} ms`;

for (const status of ["PENDING_PAYMENT", "PAID", "ASSEMBLED"] as const) {
  Deno.test(`pieces of a ${status} order are reserved beyond its payment window, and that is recorded`, async () => {
    const { extend, steps } = setUp({ status });
    await extend(anOrder());
    assert.deepEqual(steps, [reserved, "note"]);
  });
}

Deno.test("pieces of an order that was cancelled in the meantime are released", async () => {
  const { extend, steps } = setUp({ status: "CANCELLED" });
  await extend(anOrder());
  assert.deepEqual(steps, [reserved, "note", "release"]);
});

Deno.test("a failure is left to recovery: nothing is recorded, and the request does not fail", async () => {
  const { extend, steps } = setUp({ reserve: () => Promise.reject(new Unavailable("inventory")) });
  await extend(anOrder());
  assert.deepEqual(steps, [reserved]);
});

interface Given {
  readonly status?: OrderStatus;
  readonly reserve?: () => Promise<void>;
}

function setUp({ status = "PENDING_PAYMENT", reserve = () => Promise.resolve() }: Given) {
  const steps: string[] = [];
  const extend = createExtendReservation({
    inventory: {
      reserveParts(_order, ttlMs) {
        steps.push(`reserve for ${ttlMs} ms`);
        return reserve();
      },
    },
    repository: {
      noteReserved() {
        steps.push("note");
        return Promise.resolve(status);
      },
    },
    releasePieces: () => Promise.resolve(void steps.push("release")),
    paymentWindowMs: PAYMENT_WINDOW_MS,
    log: silentLog,
  });
  return { extend, steps };
}
