import { createOrderClient } from "@rocket/order/client";
import type { ClientOptions } from "@rocket/platform/http-client";
import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import { fetchAsText, fetchStalling, fetchWith, fetchWithHeader } from "../../support/broken_fetch.ts";
import { httpStatus, placeOrder, postCancellation, postPayment } from "../../support/order_client.ts";
import { plentifulParts } from "../../support/parts.ts";
import { registerAndLogIn } from "../../support/person.ts";
import type { System } from "../../support/system.ts";
import type { TypedAnswer, TypedClient } from "../../support/typed_clients.ts";

/** An operation with its status, what is sent, the call, and the client's options if not just the user's session. */
export type ClientCase = readonly [
  answer: string,
  what: string,
  ask: (client: TypedClient) => Promise<TypedAnswer>,
  options?: ClientOptions,
];

/**
 * Describes every answer that a client can get from a healthy system, case by case.
 *
 * @param sessionUuid The session of the user who orders.
 */
export async function describeClientCases(
  system: System,
  sessionUuid: string,
): Promise<readonly ClientCase[]> {
  const parts = await plentifulParts(system, sessionUuid);
  const [part, scarce] = [parts[0], parts.find(({ stockQuantity }) => stockQuantity < MAX_PIECES)];
  assert.ok(part && scarce);
  const part_uuids = [part.uuid];
  const { order_uuid } = await placeOrder(system, sessionUuid, part_uuids);
  const cancelled = await placeOrder(system, sessionUuid, part_uuids);
  await httpStatus(postCancellation(system, sessionUuid, cancelled.order_uuid));
  const paid = await placeOrder(system, sessionUuid, part_uuids);
  await httpStatus(postPayment(system, sessionUuid, paid.order_uuid));
  const payment_method = "CARD";
  const place = async (client: TypedClient) =>
    orderApi.CreateOrderResponse.parse((await client.createOrder({ part_uuids })).body).order_uuid;
  const stranger = await registerAndLogIn(system);
  const hoarder = await registerAndLogIn(system);
  for (let orders = 0; orders < 2; orders++) {
    await placeOrder(system, hoarder.sessionUuid, Array(MAX_PIECES).fill(part.uuid));
  }
  const unknown = crypto.randomUUID();

  return [
    ["createOrder 201", "a piece", (client) => client.createOrder({ part_uuids })],
    ["createOrder 400", "no pieces", (client) => client.createOrder({ part_uuids: [] })],
    ["createOrder 400", "a part that is not a UUID", (client) => client.createOrder({ part_uuids: ["x"] })],
    ["createOrder 400", "unknown fields", (client) => client.createOrder({ part_uuids }), {
      sessionUuid,
      fetch: fetchWith(JSON.stringify({ part_uuids, coupon: 1 })),
    }],
    ["createOrder 401", "without a session", (client) => client.createOrder({ part_uuids }), {}],
    ["createOrder 403", "for another user", (client) => {
      return client.createOrder({ part_uuids, user_uuid: stranger.userUuid });
    }],
    ["createOrder 404", "a part that does not exist", (client) => {
      return client.createOrder({ part_uuids: [unknown] });
    }],
    ["createOrder 409", "more pieces than are in stock", (client) => {
      return client.createOrder({ part_uuids: Array(MAX_PIECES).fill(scarce.uuid) });
    }],
    ["createOrder 409", "more unpaid pieces than a user may have", (client) => {
      return client.createOrder({ part_uuids });
    }, hoarder],
    ["createOrder 408", "a body that never ends, which leaves its key free", async (client) => {
      const key = crypto.randomUUID();
      const late = await client.createOrder({ part_uuids }, key);
      const again = createOrderClient(system.orderUrl, { sessionUuid }).api.v1.orders;
      const placed = await again.$post({ json: { part_uuids }, header: { "Idempotency-Key": key } });
      assert.equal(placed.status, 201);
      return late;
    }, { sessionUuid, fetch: fetchStalling }],
    ["createOrder 413", "more than 64 KiB", (client) => {
      return client.createOrder({ part_uuids: Array(2_000).fill(part.uuid) });
    }],
    ["createOrder 415", "as text", (client) => client.createOrder({ part_uuids }), {
      sessionUuid,
      fetch: fetchAsText,
    }],
    ["createOrder 422", "another order with the same key", async (client) => {
      const key = crypto.randomUUID();
      await client.createOrder({ part_uuids }, key);
      return await client.createOrder({ part_uuids: [part.uuid, part.uuid] }, key);
    }],
    ["listOrders 200", "the user's newest orders", (client) => client.listOrders({ limit: 1 })],
    ["listOrders 400", "a limit above the maximum", (client) => client.listOrders({ limit: 101 })],
    ["listOrders 400", "an invalid cursor", (client) => {
      return client.listOrders({ limit: 1, cursor: "x" });
    }],
    ["listOrders 401", "without a session", (client) => client.listOrders({ limit: 1 }), {}],
    ["payOrder 200", "by card", async (client) => client.payOrder(await place(client), { payment_method })],
    ["payOrder 400", "an order that is not a UUID", (client) => client.payOrder("x", { payment_method })],
    ["payOrder 400", "by shells", (client) => client.payOrder(order_uuid, { payment_method }), {
      sessionUuid,
      fetch: fetchWith('{"payment_method":"SHELLS"}'),
    }],
    ["payOrder 401", "without a session", (client) => client.payOrder(order_uuid, { payment_method }), {}],
    ["payOrder 404", "another user's order", (client) => {
      return client.payOrder(order_uuid, { payment_method });
    }, stranger],
    [
      "payOrder 409",
      "a cancelled order",
      (client) => client.payOrder(cancelled.order_uuid, { payment_method }),
    ],
    [
      "payOrder 409",
      "a paid order",
      (client) => client.payOrder(paid.order_uuid, { payment_method }),
    ],
    [
      "payOrder 408",
      "a body that never ends",
      (client) => client.payOrder(order_uuid, { payment_method }),
      {
        sessionUuid,
        fetch: fetchStalling,
      },
    ],
    ["payOrder 413", "more than 64 KiB", (client) => client.payOrder(order_uuid, { payment_method }), {
      sessionUuid,
      fetch: fetchWith(" ".repeat(64 * 1024 + 1)),
    }],
    ["payOrder 415", "as text", (client) => client.payOrder(order_uuid, { payment_method }), {
      sessionUuid,
      fetch: fetchAsText,
    }],
    ["payOrder 422", "another order with the same key", async (client) => {
      const key = crypto.randomUUID();
      await client.payOrder(await place(client), { payment_method }, key);
      return await client.payOrder(await place(client), { payment_method }, key);
    }],
    ["cancelOrder 204", "an unpaid order", async (client) => client.cancelOrder(await place(client))],
    ["cancelOrder 400", "an order that is not a UUID", (client) => client.cancelOrder("x")],
    ["cancelOrder 401", "without a session", (client) => client.cancelOrder(order_uuid), {}],
    ["cancelOrder 404", "another user's order", (client) => client.cancelOrder(order_uuid), stranger],
    ["cancelOrder 409", "a cancelled order", (client) => client.cancelOrder(cancelled.order_uuid)],
    ["cancelOrder 409", "a paid order", (client) => client.cancelOrder(paid.order_uuid)],
    ["followOrder 200", "a cancelled order", (client) => client.followOrder(cancelled.order_uuid)],
    ["followOrder 204", "an order that was followed to its end", (client) => {
      return client.followOrder(cancelled.order_uuid, "CANCELLED");
    }],
    ["followOrder 400", "an order that is not a UUID", (client) => client.followOrder("x")],
    ["followOrder 400", "after an unknown status", (client) => client.followOrder(order_uuid), {
      sessionUuid,
      fetch: fetchWithHeader("Last-Event-ID", "17"),
    }],
    ["followOrder 401", "without a session", (client) => client.followOrder(order_uuid), {}],
    ["followOrder 404", "another user's order", (client) => client.followOrder(order_uuid), stranger],
    ["getOrder 200", "the user's order", (client) => client.getOrder(order_uuid)],
    ["getOrder 400", "an order that is not a UUID", (client) => client.getOrder("not a UUID?")],
    ["getOrder 401", "in an unknown session", (client) => client.getOrder(order_uuid), {
      sessionUuid: unknown,
    }],
    ["getOrder 404", "an order that does not exist", (client) => client.getOrder(unknown)],
    ["getOrder 404", "another user's order", (client) => client.getOrder(order_uuid), stranger],
  ];
}

/** The maximum number of pieces in an order. */
const MAX_PIECES = 100;
