import assert from "node:assert/strict";
import { PaymentMethod } from "@rocket/proto/payment";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { leavePieces } from "../support/books.ts";
import { eventually } from "@rocket/platform/testing/eventually";
import { askOrder, askToPlaceOrder, httpStatus, placeOrder, readOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { join } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("IAM away and back", async (t) => {
  await using system = await startSystem();
  await system.seedParts();
  const { sessionUuid, userUuid } = await join(system);
  const [part] = await plentifulParts(system, sessionUuid);
  assert.ok(part);
  const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
  const order = () => askToPlaceOrder(system, sessionUuid, { part_uuids: [part.uuid] });

  await t.step("with IAM stopped order stays ready and names the missing upstream", async () => {
    await system.stop("iam");
    const answer = await askOrder(system, "/readyz", undefined);
    assert.equal(answer.status, 200);
    const { stores, upstreams } = await answer.json();
    assert.deepEqual(stores, { postgres: "up" });
    assert.deepEqual(upstreams, { iam: "down", inventory: "up", payment: "up" });
  });

  await t.step("order answers 503 with Retry-After, not 401", async () => {
    const answer = await order();
    assert.equal(answer.status, 503);
    assert.match(answer.headers.get("Retry-After") ?? "", /^[1-9][0-9]*$/);
    assert.deepEqual(await answer.json(), {
      code: 503,
      message: "iam is unavailable",
      reason: "DEPENDENCY_UNAVAILABLE",
    });
  });

  await t.step("inventory answers UNAVAILABLE, not UNAUTHENTICATED", async () => {
    const list = system.inventory.listParts({ filter: undefined }, { "session-uuid": sessionUuid });
    const error = await errorOf(list);
    assert.equal(error.code, 14);
    assert.equal(error.details, "iam is unavailable");
  });

  await t.step("with IAM back the same session works again within 2 s", async () => {
    await system.start("iam");
    await eventually(() => readOrder(system, sessionUuid, order_uuid), 2_000);
    await eventually(() => placeOrder(system, sessionUuid, [part.uuid]), 2_000);
  });

  await t.step(
    "IAM restarted under 64 calls in flight: all are answered in time, and all lives on",
    async () => {
      const plenty = await leavePieces(system, 1_000_000);
      const metadata = { "session-uuid": sessionUuid };
      const payment = { orderUuid: order_uuid, userUuid, paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD };
      const filter = { uuids: [plenty], names: [], categories: [], manufacturerCountries: [], tags: [] };
      const requests = {
        "read an order": () => httpStatus(askOrder(system, `/api/v1/orders/${order_uuid}`, sessionUuid)),
        "place an order": () => httpStatus(askToPlaceOrder(system, sessionUuid, { part_uuids: [plenty] })),
        "list parts": () => statusOf(system.inventory.listParts({ filter }, metadata)),
        "pay": () => statusOf(system.payment.payOrder(payment, metadata)),
      };
      const { endings, slowestMs } = await repeatDuring(requests, 64, async (endings) => {
        const allEnded = (how: string, withinMs?: number) =>
          eventually(() => {
            for (const [name, seen] of endings) assert.ok(seen.has(how), `${name}: ${[...seen]}`);
          }, withinMs);
        await allEnded("well");
        await system.stop("iam");
        await allEnded("unavailable");
        await system.start("iam");
        for (const seen of endings.values()) seen.delete("well");
        await allEnded("well", 2_000);
      });
      for (const [name, seen] of endings) assert.deepEqual(seen, new Set(["unavailable", "well"]), name);
      assert.ok(slowestMs < 5_000, `${slowestMs} ms`);
      for (const name of ["inventory", "payment", "order"] as const) {
        assert.ok(system.process(name).isRunning);
      }
      await placeOrder(system, sessionUuid, [part.uuid]);
    },
  );
});

/**
 * Keeps that many requests in flight while `work` runs, as many of each kind.
 *
 * @param work Gets how the requests of each kind have ended until now: `well`, `unavailable`, or with another status.
 * @returns How all have ended, and how long the slowest took, in milliseconds.
 */
async function repeatDuring(
  requests: Readonly<Record<string, () => Promise<number | string>>>,
  inFlight: number,
  work: (endings: Endings) => Promise<void>,
): Promise<{ readonly endings: Endings; readonly slowestMs: number }> {
  const kinds = Object.entries(requests).map(([name, ask]) => ({ name, ask, seen: new Set<string>() }));
  const endings = new Map(kinds.map(({ name, seen }) => [name, seen]));
  let isOver = false;
  let slowestMs = 0;
  const callers = Array.from({ length: inFlight }, async (_, n) => {
    const kind = kinds[n % kinds.length];
    while (kind !== undefined && !isOver) {
      const startedAt = performance.now();
      kind.seen.add(toEnding(await kind.ask()));
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    }
  });
  try {
    await work(endings);
  } finally {
    isOver = true;
    await Promise.all(callers);
  }
  return { endings, slowestMs };
}

type Endings = ReadonlyMap<string, Set<string>>;

function toEnding(status: number | string): string {
  if (status === 200 || status === 201 || status === "OK") return "well";
  return status === 503 || status === "UNAVAILABLE" ? "unavailable" : String(status);
}
