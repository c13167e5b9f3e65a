import { Hono } from "hono";
import type { Authorize } from "@rocket/platform/auth";
import {
  addHealthRoutes,
  authMiddleware,
  httpErrorHandler,
  httpNotFoundHandler,
  type Readiness,
  refuseOtherMethods,
  requestMiddleware,
} from "@rocket/platform/http";
import type { Logger } from "@rocket/platform/log";
import { addDocsRoutes } from "./docs.ts";
import { createOrdersApi, type OrderRules } from "./orders.ts";

/** What the app answers from. */
export interface OrderAppParts {
  readonly log: Logger;
  readonly authorize: Authorize;
  readonly readiness: Readiness;
  readonly rules: OrderRules;
}

/** The app, with its routes in its type. */
export type OrderApp = ReturnType<typeof createOrderApp>;

/** Creates the HTTP door: everything under `/api` behind the session, health and docs open to all. */
export function createOrderApp({ log, authorize, readiness, rules }: OrderAppParts) {
  const app = new Hono()
    .use(requestMiddleware(log))
    .use("/api/*", authMiddleware(authorize))
    .route("/api/v1/orders", createOrdersApi(rules));
  addHealthRoutes(app, readiness);
  addDocsRoutes(app);
  refuseOtherMethods(app);
  app.onError(httpErrorHandler(log));
  app.notFound(httpNotFoundHandler);
  return app;
}
