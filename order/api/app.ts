import { type ApiOptions, createApi } from "@rocket/platform/http";
import { eventsDocument } from "@rocket/proto/events";
import { orderDocument } from "@rocket/proto/order";
import { createOrdersApi, type OrdersApiOptions } from "./orders.ts";

/** Dependencies of the app. */
export interface OrderAppParts extends Omit<ApiOptions, "document" | "events">, OrdersApiOptions {}

/** The app, whose type has its routes. */
export type OrderApp = ReturnType<typeof createOrderApp>;

/** Creates the app of order's HTTP door. */
export function createOrderApp(parts: OrderAppParts) {
  return createApi({ ...parts, document: orderDocument, events: eventsDocument }).route(
    "/api/v1/orders",
    createOrdersApi(parts),
  );
}
