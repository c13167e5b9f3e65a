import type { orderApi } from "@rocket/proto";
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
): Promise<Response> {
  return askOrder(system, "/api/v1/orders", sessionUuid, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
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
