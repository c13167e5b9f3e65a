import { Hono } from "hono";
import { httpErrorHandler } from "../http/error_answer.ts";
import { httpNotFoundHandler } from "../http/not_found.ts";
import { requestMiddleware } from "../http/request_middleware.ts";
import { type CapturedLog, captureLog } from "./captured_log.ts";

/** An app as services build theirs, without routes of its own. */
export interface TestApp {
  readonly app: Hono;
  readonly captured: CapturedLog;
}

/** Creates an app with request ids, error answers and a log to look at. */
export function createTestApp(): TestApp {
  const captured = captureLog();
  const app = new Hono();
  app.use(requestMiddleware(captured.log));
  app.onError(httpErrorHandler(captured.log));
  app.notFound(httpNotFoundHandler);
  return { app, captured };
}
