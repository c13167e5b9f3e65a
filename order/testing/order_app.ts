import { parseSessionUuid } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import { createOrderApp, type OrderApp, type OrderAppParts } from "../api/app.ts";
import type { OrderRules } from "../api/orders.ts";
import { anOrder, silentLog } from "./an_order.ts";

/** Parts of the app in the place of the usual ones. */
export interface OrderAppChanges extends Partial<Omit<OrderAppParts, "rules">> {
  /** Those that the test expects to be asked; any other fails it. */
  readonly rules?: Partial<OrderRules>;
}

/** Creates the app over rules that a test makes up. */
export function createAppOver({ rules, ...parts }: OrderAppChanges = {}): OrderApp {
  const notExpected = () => Promise.reject(new Error("nobody asks for this here"));
  return createOrderApp({
    log: silentLog,
    authorize(_access, credentials) {
      const sessionUuid = parseSessionUuid(credentials.sessionUuid);
      if (sessionUuid !== SESSION_UUID) return Promise.reject(new Unauthenticated());
      return Promise.resolve({ kind: "session", session: { sessionUuid, userUuid: USER_UUID } });
    },
    readiness: { stores: {}, upstreams: {}, isStopping: () => false },
    rules: {
      createOrder: notExpected,
      listOrders: notExpected,
      getOrder: notExpected,
      payOrder: notExpected,
      cancelOrder: notExpected,
      once: { claim: notExpected, end: notExpected },
      ...rules,
    },
    ...parts,
  });
}

/** The one session that the app lets in. */
export const SESSION_UUID = "c0a80101-7f0b-4c1d-9a55-0b6e3f8d2c11";

/** Whose session it is: the user of `anOrder()`. */
export const { userUuid: USER_UUID } = anOrder();

/** Where orders are. */
export const ORDERS = "/api/v1/orders";

/** Sends a request in the session, with a body in JSON where one is given. */
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
