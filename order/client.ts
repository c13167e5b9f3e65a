/**
 * A client of the order API, typed by the API's own handlers. The folder `client/` beside it is something else: the
 * clients with which order calls other services.
 *
 * @module
 */
import { type ApplyGlobalResponse, hc } from "hono/client";
import { type ClientOptions, type CommonErrors, honoOptions } from "@rocket/platform/http-client";
import type { OrderApp } from "./api/app.ts";

type OrderApi = ApplyGlobalResponse<OrderApp, CommonErrors>;

/** Has every operation under its path, e.g. `client.api.v1.orders.$post({ json })`, with answers typed by status. */
export type OrderClient = ReturnType<typeof hc<OrderApi>>;

/** Creates a client for the order service at an origin such as `http://127.0.0.1:8080`. */
export function createOrderClient(origin: string, options: ClientOptions = {}): OrderClient {
  return encodingParams(hc<OrderApi>(origin, honoOptions(options)));
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
