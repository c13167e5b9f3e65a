import assert from "node:assert/strict";
import { currentRequest, DeadlineExceeded } from "@rocket/platform/core";
import { KeyReused, OrderNotPending, RequestUnderWay } from "../model/failures.ts";
import type { Claim, ClaimedAnswer, KeptAnswer, RequestKey } from "../model/idempotency.ts";
import type { AnswerOnce, RequestFacts } from "../service/answer_once.ts";
import { anOrder, aPaidOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, USER_UUID } from "../testing/order_app.ts";
import type { OrderUseCases } from "./orders.ts";

const { orderUuid, partUuids } = anOrder();
const PAY = `${ORDERS}/${orderUuid}/pay`;
const placing = { part_uuids: partUuids };
const paying = { payment_method: "CARD" };
const headers = { "Idempotency-Key": "key-1" };

Deno.test("an order is placed under the claim of its key, and the use case gets the answer to keep", async () => {
  const { app, claimed, ended, kept } = setUp();
  const response = await askInSession(app, "POST", ORDERS, { body: placing, headers });

  assert.equal(response.status, 201);
  const answer = { status: 201, body: await response.text() };
  assert.deepEqual(claimed.map(([key]) => key), [
    { userUuid: USER_UUID, operation: "createOrder", key: "key-1" },
  ]);
  assert.deepEqual(claimed.map(([, { body, ...rest }]) => [new TextDecoder().decode(body), rest]), [
    [JSON.stringify(placing), { orderUuid: undefined }],
  ]);
  assert.deepEqual(kept.map((keep) => keep?.answer), [answer]);
  assert.deepEqual(ended.map(([, answer]) => answer), [answer]);
});

Deno.test("a payment is claimed for its order, in lower case", async () => {
  const { app, claimed, ended } = setUp();
  const path = PAY.replace(orderUuid, orderUuid.toUpperCase());
  const response = await askInSession(app, "POST", path, { body: paying, headers });
  assert.equal(response.status, 200);
  assert.deepEqual(claimed.map(([{ operation }, request]) => [operation, request.orderUuid]), [
    ["payOrder", orderUuid],
  ]);
  assert.deepEqual(ended.map(([, answer]) => answer), [{ status: 200, body: await response.text() }]);
});

Deno.test("the pay-order use case receives whether the request is a repeat", async () => {
  for (const isRepeat of [true, false]) {
    const received: boolean[] = [];
    const payOrder: OrderUseCases["payOrder"] = (
      request,
    ) => (received.push(request.isRepeat), Promise.resolve(orderUuid));
    const { app } = setUp({ payOrder }, undefined, isRepeat);
    await askInSession(app, "POST", PAY, { body: paying, headers });
    assert.deepEqual(received, [isRepeat]);
  }
});

Deno.test("if another answer was stored in the meantime, that one is sent", async () => {
  const kept = { status: 200, body: '{ "transaction_uuid":"as it was" }' };
  const { app } = setUp({ payOrder: () => Promise.reject(new OrderNotPending(aPaidOrder())) }, kept);
  const response = await askInSession(app, "POST", PAY, { body: paying, headers });
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.notEqual(response.headers.get("X-Request-Id"), null);
  assert.deepEqual({ status: response.status, body: await response.text() }, kept);
});

Deno.test("a refusal ends the claim too", async () => {
  const { app, ended } = setUp({ payOrder: () => Promise.reject(new OrderNotPending(aPaidOrder())) });
  const response = await askInSession(app, "POST", PAY, { body: paying, headers });
  assert.equal(response.status, 409);
  assert.deepEqual(ended.map(([, answer]) => answer), [{ status: 409, body: await response.text() }]);
});

Deno.test("a claim is ended even if the request has run out of time, so that its key is free", async () => {
  const ends: boolean[] = [];
  const once: AnswerOnce = {
    claim: (key) => Promise.resolve({ ...key, claim: "claim-1", isRepeat: false }),
    end(_, answer) {
      ends.push(currentRequest()?.deadline === Infinity);
      return Promise.resolve(answer);
    },
  };
  const { app } = setUp({ once, createOrder: () => Promise.reject(new DeadlineExceeded("inventory")) });
  assert.equal((await askInSession(app, "POST", ORDERS, { body: placing, headers })).status, 504);
  assert.deepEqual(ends, [true]);
});

Deno.test("a key in the quotes of a structured header is the same as without them", async () => {
  const { app, claimed } = setUp();
  for (const key of ['"a"', "a", '""', '"']) {
    await askInSession(app, "POST", ORDERS, { body: placing, headers: { "Idempotency-Key": key } });
  }
  assert.deepEqual(claimed.map(([{ key }]) => key), ["a", "a", '""', '"']);
});

Deno.test("a request that was answered before gets the same bytes again, and nothing is done", async () => {
  const answer = { status: 409, body: '{ "code":409,  "message":"as it was" }' };
  const app = createAppOver({
    useCases: { once: { claim: () => Promise.resolve(answer), end: () => assert.fail("no claim to end") } },
  });
  for (const [path, body] of [[ORDERS, placing], [PAY, paying]] as const) {
    const response = await askInSession(app, "POST", path, { body, headers });
    assert.equal(response.status, answer.status);
    assert.equal(response.headers.get("Content-Type"), "application/json");
    assert.notEqual(response.headers.get("X-Request-Id"), null);
    assert.equal(await response.text(), answer.body);
  }
});

for (
  const [failure, status, retryAfter] of [
    [new KeyReused(), 422, null],
    [new RequestUnderWay(), 409, "1"],
  ] as const
) {
  Deno.test(`${failure.name} is answered ${status}, with Retry-After if a retry can succeed`, async () => {
    const once = { claim: () => Promise.reject(failure), end: () => assert.fail("no claim to end") };
    const { app } = setUp({ once });
    const response = await askInSession(app, "POST", ORDERS, { body: placing, headers });
    assert.equal(response.headers.get("Retry-After"), retryAfter);
    assert.equal((await assertError(response, status)).message, failure.message);
  });
}

Deno.test("an invalid request claims no key", async () => {
  const { app, claimed } = setUp();
  await assertError(await askInSession(app, "POST", ORDERS, { body: {}, headers }), 400);
  await assertError(await askInSession(app, "POST", `${ORDERS}/x/pay`, { body: paying, headers }), 400);
  assert.deepEqual(claimed, []);
});

Deno.test("an invalid key is 400 and is named", async () => {
  const { app, claimed } = setUp();
  for (const key of ["", "two words", "é", "x".repeat(256)]) {
    for (const [path, body] of [[ORDERS, placing], [PAY, paying]] as const) {
      const response = await askInSession(app, "POST", path, { body, headers: { "Idempotency-Key": key } });
      const { details } = await assertError(response, 400);
      assert.deepEqual(details?.map(({ field }) => field), ["Idempotency-Key"]);
    }
  }
  assert.deepEqual(claimed, []);
});

/**
 * Builds an app whose keys are all new, and records what it does with them.
 *
 * @param keptMeanwhile An answer that is stored before the app has its own.
 */
function setUp(changes: Partial<OrderUseCases> = {}, keptMeanwhile?: KeptAnswer, isRepeat = false) {
  const claimed: (readonly [RequestKey, RequestFacts])[] = [];
  const ended: (readonly [Claim, KeptAnswer])[] = [];
  const kept: (ClaimedAnswer | undefined)[] = [];
  const once: AnswerOnce = {
    claim(key, request) {
      claimed.push([key, request]);
      return Promise.resolve({ ...key, claim: "claim-1", isRepeat });
    },
    end(claim, answer) {
      ended.push([claim, answer]);
      return Promise.resolve(keptMeanwhile ?? answer);
    },
  };
  const app = createAppOver({
    useCases: {
      createOrder(_, keep) {
        kept.push(keep?.(anOrder()));
        return Promise.resolve(anOrder());
      },
      payOrder: () => Promise.resolve("5f0c3e0a-8a86-4f0e-9f57-0a1d1c2f7b42"),
      once,
      ...changes,
    },
  });
  return { app, claimed, ended, kept };
}
