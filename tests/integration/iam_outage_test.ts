import assert from "node:assert/strict";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { setStock } from "../support/consistency.ts";
import { eventually } from "@rocket/platform/testing/eventually";
import { fetchOrderApi, httpStatus, placeOrder, postOrder, readOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { registerAndLogIn } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("an outage of IAM", async (t) => {
  await using system = await startSystem({
    env: { ORDER_MAX_UNPAID: "100000", ORDER_MAX_UNPAID_PIECES: "100000" },
  });
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  const [part] = await plentifulParts(system, sessionUuid);
  assert.ok(part);
  const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);

  await t.step("while IAM is stopped, order stays ready and reports it as down", async () => {
    await system.stop("iam");
    const answer = await fetchOrderApi(system, "/readyz", undefined);
    assert.equal(answer.status, 200);
    const { stores, upstreams } = await answer.json();
    assert.deepEqual(stores, { postgres: "up" });
    assert.deepEqual(upstreams, { iam: "down", inventory: "up", payment: "up" });
  });

  await t.step("order answers 503 with Retry-After, not 401", async () => {
    const answer = await postOrder(system, sessionUuid, { part_uuids: [part.uuid] });
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

  await t.step("once IAM runs again, the same session works", async () => {
    await system.start("iam");
    await eventually(() => readOrder(system, sessionUuid, order_uuid));
    await eventually(() => placeOrder(system, sessionUuid, [part.uuid]));
  });

  await t.step(
    "a restart of IAM with 64 calls in flight fails some as unavailable, hangs none, and stops no other service",
    async () => {
      const plenty = await setStock(system, 1_000_000);
      const metadata = { "session-uuid": sessionUuid };
      const filter = { uuids: [plenty], names: [], categories: [], manufacturerCountries: [], tags: [] };
      const requests = {
        "read an order": () => httpStatus(fetchOrderApi(system, `/api/v1/orders/${order_uuid}`, sessionUuid)),
        "place an order": () => httpStatus(postOrder(system, sessionUuid, { part_uuids: [plenty] })),
        "list parts": () => statusOf(system.inventory.listParts({ filter }, metadata)),
      };
      const { outcomes, slowestMs } = await repeatDuring(requests, 64, async (outcomes) => {
        const allHave = (outcome: Outcome) =>
          eventually(() => {
            for (const [name, seen] of outcomes) assert.ok(seen.has(outcome), `${name}: ${[...seen]}`);
          });
        await allHave("success");
        await system.stop("iam");
        await allHave("unavailable");
        await system.start("iam");
        for (const seen of outcomes.values()) seen.delete("success");
        await allHave("success");
      });
      for (const [name, seen] of outcomes) assert.deepEqual(seen, new Set(["unavailable", "success"]), name);
      assert.ok(slowestMs < HANGS_AFTER_MS, `${slowestMs} ms`);
      for (const name of ["inventory", "payment", "order"] as const) {
        assert.ok(system.process(name).isRunning);
      }
      await placeOrder(system, sessionUuid, [part.uuid]);
    },
  );
});

/** Far beyond every deadline, even on a busy machine. */
const HANGS_AFTER_MS = 20_000;

/** `unavailable` or `success`; any other status as it is. */
type Outcome = string;

type Outcomes = ReadonlyMap<string, Set<Outcome>>;

/**
 * Keeps `inFlight` requests running while `work` runs, the same number of each kind.
 *
 * @param work Gets the outcomes so far, by kind of request.
 * @returns All outcomes, and the time of the slowest request in milliseconds.
 */
async function repeatDuring(
  requests: Readonly<Record<string, () => Promise<number | string>>>,
  inFlight: number,
  work: (outcomes: Outcomes) => Promise<void>,
): Promise<{ readonly outcomes: Outcomes; readonly slowestMs: number }> {
  const kinds = Object.entries(requests).map(([name, send]) => ({ name, send, seen: new Set<Outcome>() }));
  const outcomes = new Map(kinds.map(({ name, seen }) => [name, seen]));
  let isDone = false;
  let slowestMs = 0;
  const callers = Array.from({ length: inFlight }, async (_, n) => {
    const kind = kinds[n % kinds.length];
    while (kind !== undefined && !isDone) {
      const startedAt = performance.now();
      kind.seen.add(outcomeOf(await kind.send()));
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    }
  });
  try {
    await work(outcomes);
  } finally {
    isDone = true;
    await Promise.all(callers);
  }
  return { outcomes, slowestMs };
}

/** A call whose deadline passes, as happens on a busy machine, counts as unavailable. */
function outcomeOf(status: number | string): Outcome {
  if (status === 200 || status === 201 || status === "OK") return "success";
  const isUnavailable = [503, 504, "UNAVAILABLE", "DEADLINE_EXCEEDED"].includes(status);
  return isUnavailable ? "unavailable" : String(status);
}
