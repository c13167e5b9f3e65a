import { parseSessionUuid } from "@rocket/platform/auth";
import { createLocalRateLimit, Unauthenticated } from "@rocket/platform/core";
import { createOrderApp, type OrderApp, type OrderAppParts } from "../api/app.ts";
import type { OrderUseCases } from "../api/orders.ts";
import { anOrder, silentLog } from "./an_order.ts";

/** Parts that replace the usual ones. */
export interface OrderAppChanges extends Partial<Omit<OrderAppParts, "useCases">> {
  /** The use cases that the test expects to be called; any other fails it. */
  readonly useCases?: Partial<OrderUseCases>;
}

/** Creates the app on use cases that a test provides. */
export function createAppOver({ useCases, ...parts }: OrderAppChanges = {}): OrderApp {
  const notExpected = () => Promise.reject(new Error("not expected in this test"));
  return createOrderApp({
    log: silentLog,
    authorize(_access, credentials) {
      const sessionUuid = parseSessionUuid(credentials.sessionUuid);
      if (sessionUuid !== SESSION_UUID) return Promise.reject(new Unauthenticated());
      return Promise.resolve({ kind: "session", session: { sessionUuid, userUuid: USER_UUID } });
    },
    verify: () => Promise.resolve(USER_UUID),
    docs: true,
    ending: new AbortController().signal,
    readiness: { stores: {}, upstreams: {}, isStopping: () => false },
    ordersPerUser: createLocalRateLimit({ name: "orders-per-user", requests: 1_000_000, windowMs: 1_000 }),
    useCases: {
      createOrder: notExpected,
      listOrders: notExpected,
      getOrder: notExpected,
      followOrder: () => {
        throw new Error("not expected in this test");
      },
      payOrder: notExpected,
      cancelOrder: notExpected,
      once: { claim: notExpected, end: notExpected },
      ...useCases,
    },
    ...parts,
  });
}

/** The one session that the app accepts. */
export const SESSION_UUID = "c0a80101-7f0b-4c1d-9a55-0b6e3f8d2c11";

/** The user of that session, and of `anOrder()`. */
export const { userUuid: USER_UUID } = anOrder();

/** The path of orders. */
export const ORDERS = "/api/v1/orders";

/** Sends a request in the session, with a JSON body if one is given. */
export async function askInSession(
  app: OrderApp,
  method: string,
  path: string,
  { body, headers }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  return await app.request(path, {
    method,
    headers: { "X-Session-Uuid": SESSION_UUID, "Content-Type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
