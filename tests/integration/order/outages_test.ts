import { HOP_LIMIT_MS } from "@rocket/platform/core";
import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { orderApi } from "@rocket/proto/order";
import { eventually } from "@rocket/platform/testing/eventually";
import { countOrders, startOrderAlone } from "../../support/order_alone.ts";
import { fetchOrderApi, httpStatus, placeOrder, postOrder, readOrder } from "../../support/order_client.ts";

Deno.test("the order service when a dependency is down", async (t) => {
  await using order = await startOrderAlone();
  const { system, iam, inventory } = order;
  const { sessionUuid } = iam.openSession();
  const body = { part_uuids: [inventory.add({ price: 2.5 }).uuid] };
  const placed = await placeOrder(system, sessionUuid, body.part_uuids);

  const place = async () => {
    const startedAt = performance.now();
    const answer = await postOrder(system, sessionUuid, body);
    return { answer, error: await errorIn(answer), tookMs: performance.now() - startedAt };
  };
  const readiness = async () => {
    const answer = await fetch(`${system.orderUrl}/readyz`);
    return [answer.status, await answer.json()];
  };
  // The service asks at most once a second, so its answer may be that old.
  const reports = (expected: readonly [status: number, body: unknown]) =>
    eventually(async () => assert.deepEqual(await readiness(), expected));
  const waitUntilItWorks = () => eventually(() => readOrder(system, sessionUuid, placed.order_uuid));

  await t.step(
    "an inventory that does not answer is 504 before the request's own deadline",
    async () => {
      await inventory.withAnswer(() => {}, async () => {
        const { error, tookMs } = await place();
        assert.deepEqual(error, {
          code: 504,
          message: "inventory did not answer in time",
          reason: "DEADLINE_EXCEEDED",
        });
        assert.ok(tookMs >= HOP_LIMIT_MS - 100, `${tookMs} ms`);
      });
    },
  );

  await t.step(
    "an inventory that is down is 503 with Retry-After; readiness reports it but stays ready",
    async () => {
      await inventory.stop();
      try {
        const { answer, error } = await place();
        assert.deepEqual(error, {
          code: 503,
          message: "inventory is unavailable",
          reason: "DEPENDENCY_UNAVAILABLE",
        });
        assert.equal(answer.headers.get("Retry-After"), "1");
        const upstreams = { iam: "up", inventory: "down", payment: "up" };
        await reports([200, {
          status: "ready",
          stores: { postgres: "up" },
          upstreams,
        }]);
        await readOrder(system, sessionUuid, placed.order_uuid);
      } finally {
        await inventory.start();
      }
      const unknown = { part_uuids: [crypto.randomUUID()] };
      const orderUnknownParts = () => httpStatus(postOrder(system, sessionUuid, unknown));
      await eventually(async () => assert.equal(await orderUnknownParts(), 404));
    },
  );

  const REFUSALS = [
    [status.UNAUTHENTICATED, 401, "session has expired", "SESSION_INVALID"],
    [status.RESOURCE_EXHAUSTED, 429, "session has expired", "RESOURCE_EXHAUSTED"],
    [status.UNAVAILABLE, 503, "inventory is unavailable", "DEPENDENCY_UNAVAILABLE"],
    [status.DEADLINE_EXCEEDED, 504, "inventory did not answer in time", "DEADLINE_EXCEEDED"],
    [status.INVALID_ARGUMENT, 500, "internal error", "INTERNAL"],
    [status.INTERNAL, 500, "internal error", "INTERNAL"],
    [status.UNKNOWN, 500, "internal error", "INTERNAL"],
  ] as const;
  for (const [code, http, message, reason] of REFUSALS) {
    await t.step(`an inventory that answers ${status[code]} is ${http}`, async () => {
      await inventory.withAnswer((answer) => answer({ code, details: "session has expired" }), async () => {
        assert.deepEqual((await place()).error, { code: http, message, reason });
      });
    });
  }

  for (const price of [NaN, Infinity, -1, 1e15]) {
    await t.step(`a part priced ${price} is logged as a fault, and the client sees no details`, async () => {
      const { uuid } = inventory.add({ price });
      const answer = await postOrder(system, sessionUuid, { part_uuids: [uuid] });
      assert.deepEqual(await errorIn(answer), { code: 500, message: "internal error", reason: "INTERNAL" });
      const requestId = answer.headers.get("X-Request-Id");
      const pattern = new RegExp(`"request_id":"${requestId}".*RangeError.*"request faulted"`);
      await system.process("order").waitForLine(pattern);
    });
  }

  await t.step(
    "an IAM that is down is 503 with Retry-After and never 401, and the session stays valid",
    async () => {
      await iam.stop();
      try {
        const { answer, error } = await place();
        assert.deepEqual(error, {
          code: 503,
          message: "iam is unavailable",
          reason: "DEPENDENCY_UNAVAILABLE",
        });
        assert.equal(answer.headers.get("Retry-After"), "1");
        const upstreams = { iam: "down", inventory: "up", payment: "up" };
        await reports([200, {
          status: "ready",
          stores: { postgres: "up" },
          upstreams,
        }]);
      } finally {
        await iam.start();
      }
      await waitUntilItWorks();
    },
  );

  await t.step(
    "a Postgres that is down is 503, and the order service is not ready until it is back",
    async () => {
      await system.backing.postgres.kill();
      try {
        const { answer, error } = await place();
        assert.deepEqual(error, {
          code: 503,
          message: "postgres is unavailable",
          reason: "DEPENDENCY_UNAVAILABLE",
        });
        assert.equal(answer.headers.get("Retry-After"), "1");
        const reading = await fetchOrderApi(system, `/api/v1/orders/${placed.order_uuid}`, sessionUuid);
        assert.equal((await errorIn(reading)).code, 503);
        const upstreams = { iam: "up", inventory: "up", payment: "up" };
        const stores = { postgres: "down" };
        await reports([503, { status: "not ready", stores, upstreams }]);
      } finally {
        await system.backing.postgres.start();
      }
      await waitUntilItWorks();
      await eventually(async () => assert.equal((await readiness())[0], 200));
    },
  );

  await t.step("no failed request left an order behind", async () => {
    assert.equal(await countOrders(order), 1);
  });

  await t.step("a Postgres that does not answer is 504 before the request's own deadline", async () => {
    await system.backing.postgres.pause();
    try {
      const reading = await fetchOrderApi(system, `/api/v1/orders/${placed.order_uuid}`, sessionUuid);
      assert.deepEqual(await errorIn(reading), {
        code: 504,
        message: "postgres did not answer in time",
        reason: "DEADLINE_EXCEEDED",
      });
    } finally {
      await system.backing.postgres.resume();
    }
    await waitUntilItWorks();
  });
});

async function errorIn(answer: Response): Promise<orderApi.ErrorBody> {
  const error = orderApi.ErrorBody.parse(await answer.json());
  assert.equal(error.code, answer.status);
  return error;
}
