import assert from "node:assert/strict";
import { orderApi } from "@rocket/proto/order";
import { InsufficientStock, OrderNotFound, OrderNotPending, PaymentUnderWay } from "../model/failures.ts";
import type { PaymentRequest } from "../service/pay_order.ts";
import { anOrder, aPaidOrder } from "../testing/an_order.ts";
import { assertError } from "../testing/assert_error.ts";
import { askInSession, createAppOver, ORDERS, USER_UUID } from "../testing/order_app.ts";
import type { OrderApp } from "./app.ts";

const { orderUuid } = anOrder();
const transactionUuid = "5f0c3e0a-8a86-4f0e-9f57-0a1d1c2f7b42";

Deno.test("reading an order is answered as the contract says, with nulls until it is paid", async () => {
  const waiting = createAppOver({ useCases: { getOrder: () => Promise.resolve(anOrder()) } });
  assert.deepEqual(orderApi.GetOrderResponse.parse(await (await read(waiting)).json()), {
    order_uuid: orderUuid,
    user_uuid: USER_UUID,
    part_uuids: anOrder().partUuids,
    total_price: 1499.9,
    transaction_uuid: null,
    payment_method: null,
    status: "PENDING_PAYMENT",
  });

  const paid = createAppOver({ useCases: { getOrder: () => Promise.resolve(aPaidOrder("SBP")) } });
  const order = orderApi.GetOrderResponse.parse(await (await read(paid)).json());
  assert.deepEqual([order.status, order.payment_method, order.transaction_uuid], [
    "PAID",
    "SBP",
    transactionUuid,
  ]);
});

Deno.test("paying an order is answered with 200 and the transaction, as the contract says", async () => {
  const requests: PaymentRequest[] = [];
  const app = createAppOver({
    useCases: { payOrder: (request) => (requests.push(request), Promise.resolve(transactionUuid)) },
  });
  const response = await pay(app, orderUuid, { payment_method: "INVESTOR_MONEY" });
  assert.equal(response.status, 200);
  assert.deepEqual(orderApi.PayOrderResponse.parse(await response.json()), {
    transaction_uuid: transactionUuid,
  });
  assert.deepEqual(requests, [{ userUuid: USER_UUID, orderUuid, method: "INVESTOR_MONEY", isRepeat: false }]);
});

for (
  const [body, fields] of [
    [{}, ["payment_method"]],
    [{ payment_method: "SHELLS" }, ["payment_method"]],
    [{ payment_method: "card" }, ["payment_method"]],
    [{ payment_method: null }, ["payment_method"]],
    [{ payment_method: "CARD", amount: 0 }, ["amount"]],
    [["CARD"], ["body"]],
  ] as const
) {
  Deno.test(`paying by ${JSON.stringify(body)} is refused with 400 that names ${fields}`, async () => {
    const answer = await assertError(await pay(createAppOver(), orderUuid, body), 400);
    assert.deepEqual(answer.details?.map(({ field }) => field), fields);
  });
}

Deno.test("paying with a body of another media type is 415, and with one that is too large 413", async () => {
  const headers = { "Content-Type": "text/plain" };
  const path = `${ORDERS}/${orderUuid}/pay`;
  await assertError(await askInSession(createAppOver(), "POST", path, { body: "CARD", headers }), 415);
  await assertError(await pay(createAppOver(), orderUuid, "x".repeat(64 * 1024)), 413);
});

Deno.test("cancelling an order is answered with 204 and no body, even if a body is sent", async () => {
  const calls: (readonly string[])[] = [];
  const app = createAppOver({
    useCases: { cancelOrder: (...order) => (calls.push(order), Promise.resolve()) },
  });
  for (const body of [undefined, { reason: "too slow" }]) {
    const response = await cancel(app, orderUuid, body);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("Content-Type"), null);
    assert.equal(await response.text(), "");
  }
  assert.deepEqual(calls, [[USER_UUID, orderUuid], [USER_UUID, orderUuid]]);
});

Deno.test("the UUID in a path is accepted in any letter case and passed on in lower case", async () => {
  const calls: (readonly string[])[] = [];
  const app = createAppOver({
    useCases: {
      getOrder: (...order) => (calls.push(order), Promise.resolve(anOrder())),
      payOrder: ({ userUuid, orderUuid }) => {
        calls.push([userUuid, orderUuid]);
        return Promise.resolve(transactionUuid);
      },
      cancelOrder: (...order) => (calls.push(order), Promise.resolve()),
    },
  });
  const upper = orderUuid.toUpperCase();
  await read(app, upper);
  await pay(app, upper);
  await cancel(app, upper);
  assert.deepEqual(calls, Array(3).fill([USER_UUID, orderUuid]));
});

for (const [operation, ask] of Object.entries({ read, pay, cancel })) {
  Deno.test(`${operation}: a path without a valid UUID is 400 and names the parameter`, async () => {
    for (const path of ["x", `${orderUuid}0`, "%zz", "%00", "..%2f", "1'--"]) {
      const answer = await assertError(await ask(createAppOver(), path), 400);
      assert.deepEqual(answer.details?.map(({ field }) => field), ["order_uuid"], path);
    }
  });

  Deno.test(`${operation}: another user's order is 404`, async () => {
    const fail = () => Promise.reject(new OrderNotFound(orderUuid));
    const app = createAppOver({ useCases: { getOrder: fail, payOrder: fail, cancelOrder: fail } });
    const { message } = await assertError(await ask(app, orderUuid), 404);
    assert.equal(message, `order ${orderUuid} does not exist`);
  });
}

for (
  const [failure, message] of [
    [new OrderNotPending(aPaidOrder()), `order ${orderUuid} is PAID`],
    [new PaymentUnderWay(orderUuid, "SBP"), `a payment of order ${orderUuid} by SBP is under way`],
    [new InsufficientStock("part 1 has too little stock"), "part 1 has too little stock"],
  ] as const
) {
  Deno.test(`${failure.name} is answered with 409 when paying or cancelling`, async () => {
    const fail = () => Promise.reject(failure);
    const app = createAppOver({ useCases: { payOrder: fail, cancelOrder: fail } });
    for (const response of [await pay(app), await cancel(app)]) {
      assert.equal(response.headers.get("Retry-After"), null);
      assert.equal((await assertError(response, 409)).message, message);
    }
  });
}

function read(app: OrderApp, order: string = orderUuid): Promise<Response> {
  return askInSession(app, "GET", `${ORDERS}/${order}`);
}

function pay(
  app: OrderApp,
  order: string = orderUuid,
  body: unknown = { payment_method: "CARD" },
): Promise<Response> {
  return askInSession(app, "POST", `${ORDERS}/${order}/pay`, { body });
}

function cancel(app: OrderApp, order: string = orderUuid, body?: unknown): Promise<Response> {
  return askInSession(app, "POST", `${ORDERS}/${order}/cancel`, { body });
}
