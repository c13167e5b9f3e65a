import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import type { orderApi } from "@rocket/proto/order";
import type { System } from "./system.ts";

/** An identifier as a client might send it; `undefined` sends none. */
export type Identifier = string | undefined;

/** Sends an HTTP request to the order service. */
export function fetchOrderApi(
  { orderUrl, httpClient }: Pick<System, "orderUrl"> & Partial<Pick<System, "httpClient">>,
  path: string,
  sessionUuid: Identifier,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (sessionUuid !== undefined) headers.set("X-Session-Uuid", sessionUuid);
  return fetch(`${orderUrl}${path}`, { ...init, headers, ...(httpClient && { client: httpClient }) });
}

/** Sends a request to place an order. */
export function postOrder(
  system: System,
  sessionUuid: Identifier,
  body: orderApi.CreateOrderBody,
  key?: string,
): Promise<Response> {
  return fetchOrderApi(system, "/api/v1/orders", sessionUuid, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key !== undefined && { "Idempotency-Key": key }) },
    body: JSON.stringify(body),
  });
}

/** Places an order. @throws {Error} unless it is created. */
export async function placeOrder(
  system: System,
  sessionUuid: string,
  partUuids: string[],
): Promise<orderApi.CreateOrderResponse> {
  const response = await postOrder(system, sessionUuid, { part_uuids: partUuids });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json();
}

/** Posts to an operation of an order, with an optional body. */
export function postOrderOperation(
  system: System,
  sessionUuid: Identifier,
  orderUuid: string,
  { operation, body, key }: { operation: "pay" | "cancel"; body?: object; key?: string },
): Promise<Response> {
  const headers = new Headers();
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (key !== undefined) headers.set("Idempotency-Key", key);
  return fetchOrderApi(system, `/api/v1/orders/${orderUuid}/${operation}`, sessionUuid, {
    method: "POST",
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Sends a request to pay an order. */
export function postPayment(
  system: System,
  sessionUuid: Identifier,
  orderUuid: string,
  { payment_method = "CARD", key }: Partial<orderApi.PayOrderBody> & { key?: string } = {},
): Promise<Response> {
  const body = { payment_method };
  return postOrderOperation(system, sessionUuid, orderUuid, {
    operation: "pay",
    body,
    ...(key !== undefined && { key }),
  });
}

/** Sends a request to cancel an order. */
export function postCancellation(
  system: System,
  sessionUuid: Identifier,
  orderUuid: string,
): Promise<Response> {
  return postOrderOperation(system, sessionUuid, orderUuid, { operation: "cancel" });
}

/** Reads an order. @throws {Error} unless it is found. */
export async function readOrder(
  system: System,
  sessionUuid: string,
  orderUuid: string,
): Promise<orderApi.GetOrderResponse> {
  const response = await fetchOrderApi(system, `/api/v1/orders/${orderUuid}`, sessionUuid);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json();
}

/** Waits for a response and discards its body. @returns Its status. */
export async function httpStatus(pending: Promise<Response>): Promise<number> {
  const response = await pending;
  await response.body?.cancel();
  return response.status;
}

/** Repeats a request until it succeeds, as a client with an idempotency key may. */
export async function retryUntilOk(ask: () => Promise<Response>): Promise<unknown> {
  return await eventually(async () => {
    const answer = await ask();
    const text = await answer.text();
    assert.ok(answer.ok, `${answer.status} ${text}`);
    return JSON.parse(text);
  });
}
