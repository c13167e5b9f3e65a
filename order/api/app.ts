import { Hono } from "hono";
import {
  addHealthRoutes,
  authMiddleware,
  httpErrorHandler,
  httpNotFoundHandler,
  type Logger,
  type Readiness,
  refuseOtherMethods,
  requestMiddleware,
  type SessionVerifier,
} from "@rocket/platform";
import type { CreateOrder } from "../service/create_order.ts";
import type { GetOrder } from "../service/get_order.ts";
import { addDocsRoutes } from "./docs.ts";
import { createOrdersApi } from "./orders.ts";

/** What the app answers from. */
export interface OrderAppParts {
  readonly log: Logger;
  /** Asks IAM whose session it is. */
  readonly verify: SessionVerifier;
  readonly readiness: Readiness;
  readonly createOrder: CreateOrder;
  readonly getOrder: GetOrder;
}

/** The app, with its routes in its type. */
export type OrderApp = ReturnType<typeof createOrderApp>;

/** Creates the HTTP door: everything under `/api` behind the session, health and docs open to all. */
export function createOrderApp({ log, verify, readiness, createOrder, getOrder }: OrderAppParts) {
  const app = new Hono()
    .use(requestMiddleware(log))
    .use("/api/*", authMiddleware(verify))
    .route("/api/v1/orders", createOrdersApi(createOrder, getOrder));
  addHealthRoutes(app, readiness);
  addDocsRoutes(app);
  refuseOtherMethods(app);
  app.onError(httpErrorHandler(log));
  app.notFound(httpNotFoundHandler);
  return app;
}
