import assert from "node:assert/strict";
import { call, errorOf } from "../support/grpc_call.ts";
import { eventually } from "../support/eventually.ts";
import { askOrder, askToPlaceOrder, httpStatus, placeOrder, readOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { join } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

Deno.test("IAM away and back", async (t) => {
  await using system = await startSystem();
  await system.seedParts();
  const { sessionUuid } = await join(system);
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
    assert.deepEqual(await answer.json(), { code: 503, message: "iam is unavailable" });
  });

  await t.step("inventory answers UNAVAILABLE, not UNAUTHENTICATED", async () => {
    const list = system.inventory.listParts.bind(system.inventory);
    const error = await errorOf(call(list, { filter: undefined }, { "session-uuid": sessionUuid }));
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
      const readOnly = () => askOrder(system, `/api/v1/orders/${order_uuid}`, sessionUuid);
      let isOver = false;
      const slowest: number[] = [];
      const statuses = new Set<number>();
      const callers = Array.from({ length: 64 }, async () => {
        let worst = 0;
        while (!isOver) {
          const startedAt = performance.now();
          statuses.add(await httpStatus(readOnly()));
          worst = Math.max(worst, performance.now() - startedAt);
        }
        slowest.push(worst);
      });
      await eventually(() => assert.ok(statuses.has(200)));
      await system.stop("iam");
      await system.start("iam");
      statuses.delete(200);
      await eventually(() => assert.ok(statuses.has(200)), 2_000);
      isOver = true;
      await Promise.all(callers);
      assert.deepEqual([...statuses].filter((status) => status !== 200 && status !== 503), []);
      assert.ok(Math.max(...slowest) < 5_000, `${Math.max(...slowest)} ms`);
      for (const name of ["inventory", "payment", "order"] as const) {
        assert.ok(system.process(name).isRunning);
      }
      await placeOrder(system, sessionUuid, [part.uuid]);
    },
  );
});
