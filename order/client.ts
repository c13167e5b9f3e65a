/**
 * The client of the order API that its own handlers type. Not to be taken for the folder `client/` beside it,
 * which holds the clients that order itself calls others by.
 *
 * @module
 */
import { hc } from "hono/client";
import type { ErrorBody } from "@rocket/platform/http";
import type { ApplyGlobalResponse } from "hono/client";
import type { OrderApp } from "./api/app.ts";

/** The order API as its handlers type it, with what any operation may answer besides. */
type OrderApi = ApplyGlobalResponse<
  OrderApp,
  Readonly<Record<401 | 429 | 500 | 503 | 504, { readonly json: ErrorBody }>>
>;

/** Knows every operation by its path, e.g. `client.api.v1.orders.$post({ json })`, and answers by their status. */
export type OrderClient = ReturnType<typeof hc<OrderApi>>;

/** How an {@linkcode OrderClient} goes about its calls. */
export interface OrderClientOptions {
  /** The session to call in. */
  readonly sessionUuid?: string;
  /** When a call is given up, in milliseconds; default 10 s, twice what the service itself takes at most. */
  readonly timeoutMs?: number;
  /** What carries the requests; default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * Creates a client for the order service at an origin such as `http://127.0.0.1:8080`.
 *
 * Its calls fail with a `TimeoutError` when they are given up, and as those of `fetch` where nobody answers.
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

/** hono puts path parameters into the URL as they are: `../` in one would lead to another route (RFC 3986, 2.4). */
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
      // The target is a function: a proxy of an object that is none is never applied.
      return Reflect.apply(target as () => unknown, self, [{ ...input, ...(param && { param }) }, ...rest]);
    },
  });
}

/** @throws {TypeError} for a segment that URLs resolve away even if it is encoded (WHATWG URL, 4.1), or an empty one. */
function encodeSegment(name: string, value: string): string {
  if (/^\.{0,2}$/.test(value)) throw new TypeError(`${name}: must be a path segment, not "${value}"`);
  return encodeURIComponent(value);
}

/** What a call of the client is given, as far as it matters here. */
interface CallInput {
  readonly param?: Readonly<Record<string, string>>;
}
