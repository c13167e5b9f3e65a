import { Hono } from "hono";
import type { Door } from "../core/door.ts";
import { createHttpDoor, type HttpDoorOptions } from "./door.ts";
import { httpErrorHandler } from "./error_answer.ts";
import { addHealthRoutes, type Readiness } from "./health_routes.ts";
import { requestMiddleware } from "./request_middleware.ts";

/** Options of {@linkcode createAdminDoor}. */
export interface AdminDoorOptions extends Pick<HttpDoorOptions, "log" | "host" | "port" | "tls"> {
  readonly readiness: Omit<Readiness, "isStopping">;
}

/** Creates the door of a service that people and machines look after it by: `/healthz` and `/readyz`, open to all. */
export function createAdminDoor({ readiness, ...options }: AdminDoorOptions): Door {
  const stopping = new AbortController();
  const app = new Hono();
  app.onError(httpErrorHandler(options.log));
  app.use(requestMiddleware(options.log));
  addHealthRoutes(app, { ...readiness, isStopping: () => stopping.signal.aborted });
  return createHttpDoor({ ...options, handler: app.fetch, stopping });
}
