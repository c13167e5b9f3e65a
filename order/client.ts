/**
 * The client of the order API that its own handlers type. Not to be taken for the folder `client/` beside it,
 * which holds the clients that order itself calls others by.
 *
 * @module
 */
import { hc } from "hono/client";
import type { OrderApi } from "./api/agreement.ts";

/** Knows every operation by its path, e.g. `client.api.v1.orders.$post({ json })`, and answers by their status. */
export type OrderClient = ReturnType<typeof hc<OrderApi>>;

/** How an {@linkcode OrderClient} goes about its calls. */
export interface OrderClientOptions {
  /** The session to call in. */
  readonly sessionUuid?: string;
  /** What carries the requests; default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Creates a client for the order service at an origin such as `http://127.0.0.1:8080`. */
export function createOrderClient(
  origin: string,
  { sessionUuid, fetch = globalThis.fetch }: OrderClientOptions = {},
): OrderClient {
  const headers = sessionUuid === undefined ? {} : { "X-Session-Uuid": sessionUuid };
  return hc<OrderApi>(origin, { headers, fetch });
}
