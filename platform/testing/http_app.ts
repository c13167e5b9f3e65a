import type { Hono } from "hono";
import { Unauthenticated } from "../core/failure.ts";
import { type ApiOptions, createApi } from "../http/api.ts";
import { type CapturedLog, captureLog } from "./captured_log.ts";

/** The app of an HTTP door without operations, for a test to add routes to. */
export interface TestApp {
  readonly app: Hono;
  readonly captured: CapturedLog;
}

/** Creates an app as services do; by default it knows no session, is ready and serves an empty document. */
export function createTestApp(options: Partial<Omit<ApiOptions, "log">> = {}): TestApp {
  const captured = captureLog();
  const app = createApi({
    log: captured.log,
    authorize: () => Promise.reject(new Unauthenticated()),
    readiness: { stores: {}, upstreams: {}, isStopping: () => false },
    docs: true,
    document: {},
    ...options,
  });
  return { app, captured };
}
