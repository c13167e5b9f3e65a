import type { orderApi } from "@rocket/proto/order";
import type { System } from "./system.ts";

/** An identifier as a caller might send it; `undefined` sends none. */
export type Identifier = string | undefined;

/** Sends a request to order as any HTTP client would. */
export function askOrder(
  system: System,
  path: string,
  sessionUuid: Identifier,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (sessionUuid !== undefined) headers.set("X-Session-Uuid", sessionUuid);
  return fetch(`${system.orderUrl}${path}`, { ...init, headers });
}

/** Asks for an order to be placed. */
export function askToPlaceOrder(
  system: System,
  sessionUuid: Identifier,
  body: orderApi.CreateOrderBody,
  key?: string,
): Promise<Response> {
  return askOrder(system, "/api/v1/orders", sessionUuid, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key !== undefined && { "Idempotency-Key": key }) },
    body: JSON.stringify(body),
  });
}

/** Places an order that must succeed. */
export async function placeOrder(
  system: System,
  sessionUuid: string,
  partUuids: string[],
): Promise<orderApi.CreateOrderResponse> {
  const answer = await askToPlaceOrder(system, sessionUuid, { part_uuids: partUuids });
  if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
  return await answer.json();
}

/** Sends a body to one of an order's operations, or none. */
export function askOfOrder(
  system: System,
  sessionUuid: Identifier,
  orderUuid: string,
  { operation, body, key }: { operation: "pay" | "cancel"; body?: object; key?: string },
): Promise<Response> {
  const headers = new Headers();
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (key !== undefined) headers.set("Idempotency-Key", key);
  return askOrder(system, `/api/v1/orders/${orderUuid}/${operation}`, sessionUuid, {
    method: "POST",
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Asks for an order to be paid. */
export function askToPay(
  system: System,
  sessionUuid: Identifier,
  orderUuid: string,
  { payment_method = "CARD", key }: Partial<orderApi.PayOrderBody> & { key?: string } = {},
): Promise<Response> {
  const body = { payment_method };
  return askOfOrder(system, sessionUuid, orderUuid, {
    operation: "pay",
    body,
    ...(key !== undefined && { key }),
  });
}

/** Asks for an order to be cancelled. */
export function askToCancel(system: System, sessionUuid: Identifier, orderUuid: string): Promise<Response> {
  return askOfOrder(system, sessionUuid, orderUuid, { operation: "cancel" });
}

/** Reads an order that must be there. */
export async function readOrder(
  system: System,
  sessionUuid: string,
  orderUuid: string,
): Promise<orderApi.GetOrderResponse> {
  const answer = await askOrder(system, `/api/v1/orders/${orderUuid}`, sessionUuid);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return await answer.json();
}

/** The status of an answer, its body read to the end. */
export async function httpStatus(answering: Promise<Response>): Promise<number> {
  const answer = await answering;
  await answer.body?.cancel();
  return answer.status;
}
