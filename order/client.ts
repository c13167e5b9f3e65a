/**
 * A client of the order API, typed by the API's own handlers. The folder `client/` beside it is something else: the
 * clients with which order calls other services.
 *
 * @module
 */
import { hc } from "hono/client";
import type { ErrorBody } from "@rocket/platform/http";
import type { ApplyGlobalResponse } from "hono/client";
import type { OrderApp } from "./api/app.ts";

/** The order API as its handlers type it, plus the errors that any operation may be answered with. */
type OrderApi = ApplyGlobalResponse<
  OrderApp,
  Readonly<Record<401 | 429 | 500 | 503 | 504, { readonly json: ErrorBody }>>
>;

/** Has every operation under its path, e.g. `client.api.v1.orders.$post({ json })`, with answers typed by status. */
export type OrderClient = ReturnType<typeof hc<OrderApi>>;

/** Options of {@linkcode createOrderClient}. */
export interface OrderClientOptions {
  /** The session to send with each call. */
  readonly sessionUuid?: string;
  /** The timeout of a call, in milliseconds; default 10 s, more than the service takes at most. */
  readonly timeoutMs?: number;
  /** Sends the requests; default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * Creates a client for the order service at an origin such as `http://127.0.0.1:8080`.
 *
 * Its calls fail with a `TimeoutError` when they time out, and as those of `fetch` when the service can't be reached.
 */
export function createOrderClient(
  origin: string,
  { sessionUuid, timeoutMs = 10_000, fetch = globalThis.fetch }: OrderClientOptions = {},
): OrderClient {
  const headers = sessionUuid === undefined ? {} : { "X-Session-Uuid": sessionUuid };
  const fetchInTime: typeof fetch = (input, init) => {
    const signals = [AbortSignal.timeout(timeoutMs), init?.signal ?? []].flat();
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
  return encodingParams(hc<OrderApi>(origin, { headers, fetch: fetchInTime }));
}

/** Hono does not encode path parameters, so that `../` in one would lead to another route (RFC 3986, 2.4). */
function encodingParams<Client extends object>(client: Client): Client {
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? encodingParams(value) : value;
    },
    apply(target, self, [input, ...rest]: [CallInput?, ...unknown[]]) {
      const param = input?.param && Object.fromEntries(
        Object.entries(input.param).map(([name, value]) => [name, encodeSegment(name, value)]),
      );
      // Only a function can be called through a proxy, so the target is one.
      return Reflect.apply(target as () => unknown, self, [{ ...input, ...(param && { param }) }, ...rest]);
    },
  });
}

/** @throws {TypeError} for `.` and `..`, which URLs resolve even if they are encoded (WHATWG URL, 4.1), and for nothing. */
function encodeSegment(name: string, value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name}: must be a path segment, not "${value}"`);
  return encodeURIComponent(value);
}

/** The part of a call's arguments that matters here. */
interface CallInput {
  readonly param?: Readonly<Record<string, string>>;
}
