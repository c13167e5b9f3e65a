import createFetchClient from "openapi-fetch";
import { createOrderClient } from "@rocket/order/client";
import type { ClientOptions } from "@rocket/platform/http-client";
import type { orderApi, OrderPaths } from "@rocket/proto/order";

/** The operations of the order API, by their names in its document. */
export interface TypedClient {
  createOrder(body: orderApi.CreateOrderBody, key?: string): Promise<TypedAnswer>;
  listOrders(query: orderApi.ListOrdersQueryParamsOutput): Promise<TypedAnswer>;
  getOrder(orderUuid: string): Promise<TypedAnswer>;
  followOrder(orderUuid: string, after?: orderApi.FollowOrderHeader["Last-Event-ID"]): Promise<TypedAnswer>;
  payOrder(orderUuid: string, body: orderApi.PayOrderBody, key?: string): Promise<TypedAnswer>;
  cancelOrder(orderUuid: string): Promise<TypedAnswer>;
}

/** A response as a client returns it; the caller knows the body's type. */
export interface TypedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Creates a client for the order service at an origin. */
export type ConnectTypedClient = (origin: string, options: ClientOptions) => TypedClient;

/** The two typed clients, by the source of their types. */
export const TYPED_CLIENTS: Readonly<Record<string, ConnectTypedClient>> = {
  "hc, typed by the handlers": (origin, options) => {
    const { api: { v1: { orders } } } = createOrderClient(origin, options);
    return {
      createOrder: (json, key) => readAnswer(orders.$post({ json, header: keyed(key) })),
      listOrders: (query) => readAnswer(orders.$get({ query })),
      getOrder: (order_uuid) => readAnswer(orders[":order_uuid"].$get({ param: { order_uuid } })),
      followOrder: (order_uuid, after) =>
        readAnswer(orders[":order_uuid"].events.$get({ param: { order_uuid }, header: since(after) })),
      payOrder: (order_uuid, json, key) =>
        readAnswer(orders[":order_uuid"].pay.$post({ param: { order_uuid }, json, header: keyed(key) })),
      cancelOrder: (order_uuid) => readAnswer(orders[":order_uuid"].cancel.$post({ param: { order_uuid } })),
    };
  },
  "openapi-fetch, typed by the document": (origin, { sessionUuid, fetch = globalThis.fetch }) => {
    const headers = { "X-Session-Uuid": sessionUuid };
    const client = createFetchClient<OrderPaths>({ baseUrl: origin, headers, fetch });
    return {
      createOrder: (body, key) =>
        toAnswer(client.POST("/api/v1/orders", { params: { header: keyed(key) }, body })),
      listOrders: (query) => toAnswer(client.GET("/api/v1/orders", { params: { query } })),
      getOrder: (order_uuid) =>
        toAnswer(client.GET("/api/v1/orders/{order_uuid}", { params: { path: { order_uuid } } })),
      followOrder: (order_uuid, after) => {
        const params = { path: { order_uuid }, header: since(after) };
        return toAnswer(client.GET("/api/v1/orders/{order_uuid}/events", { params, parseAs: "text" }));
      },
      payOrder: (order_uuid, body, key) => {
        const params = { path: { order_uuid }, header: keyed(key) };
        return toAnswer(client.POST("/api/v1/orders/{order_uuid}/pay", { params, body }));
      },
      cancelOrder: (order_uuid) =>
        toAnswer(client.POST("/api/v1/orders/{order_uuid}/cancel", { params: { path: { order_uuid } } })),
    };
  },
};

function since(after: orderApi.FollowOrderHeader["Last-Event-ID"]) {
  return after === undefined ? {} : { "Last-Event-ID": after };
}

function keyed(key: string | undefined): { readonly "Idempotency-Key"?: string } {
  return key === undefined ? {} : { "Idempotency-Key": key };
}

/** Reads an answer of a client that is typed by handlers. */
export async function readAnswer(
  pending: Promise<Pick<Response, "status" | "headers" | "text">>,
): Promise<TypedAnswer> {
  const answer = await pending;
  const text = await answer.text();
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json") === true;
  return { status: answer.status, body: text === "" ? undefined : isJson ? JSON.parse(text) : text };
}

/** Reads an answer of a client that is typed by a document. */
export async function toAnswer(
  pending: Promise<{ readonly data?: unknown; readonly error?: unknown; readonly response: Response }>,
): Promise<TypedAnswer> {
  const { data, error, response } = await pending;
  return { status: response.status, body: data ?? error };
}
