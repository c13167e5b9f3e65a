import { STATUS_CODES } from "node:http";
import type { ErrorHandler, TypedResponse } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  Aborted,
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  type FieldViolation,
  InvalidArgument,
  isWorthRetrying,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unprocessable,
} from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";

/** The body of every HTTP answer that is not a success; `Error` in the OpenAPI documents. */
export interface ErrorBody {
  /** The HTTP status. */
  readonly code: number;
  readonly message: string;
  readonly details?: readonly FieldViolation[];
}

/**
 * What the type of a handler or middleware says of the statuses that it refuses with. Refusals are thrown, and what
 * is thrown no compiler infers.
 */
export type Refusal<Status extends ContentfulStatusCode> = TypedResponse<ErrorBody, Status, "json">;

/**
 * Creates the handler that turns anything thrown into the HTTP answer a caller is told: the one place
 * where failures get their status.
 *
 * A `Failure` is told in its own words. Anything else is a fault of ours: logged whole, told as a bare 500.
 */
export function httpErrorHandler(log: Logger): ErrorHandler {
  return (error, c) => {
    const status = statusOf(error);
    if (status === 500) log.error({ err: error }, "request faulted");
    else if (error.cause !== undefined) log.warn({ err: error }, "request failed");
    if (isWorthRetrying(error)) c.header("Retry-After", String(error.retryAfterSeconds));
    if (error instanceof HTTPException) error.res?.headers.forEach((value, name) => c.header(name, value));
    return c.json(bodyOf(error, status), status);
  };
}

function statusOf(error: Error): ContentfulStatusCode {
  if (error instanceof HTTPException) return error.status;
  if (error instanceof InvalidArgument) return 400;
  if (error instanceof Unauthenticated) return 401;
  if (error instanceof PermissionDenied) return 403;
  if (error instanceof NotFound) return 404;
  if (error instanceof AlreadyExists || error instanceof FailedPrecondition) return 409;
  if (error instanceof Aborted) return 409;
  if (error instanceof Unprocessable) return 422;
  if (error instanceof ResourceExhausted) return 429;
  if (error instanceof Unavailable) return 503;
  if (error instanceof DeadlineExceeded) return 504;
  return 500;
}

function bodyOf(error: Error, status: number): ErrorBody {
  if (status === 500) return { code: status, message: "internal error" };
  // Some of hono's own exceptions have no message.
  const body = { code: status, message: error.message || (STATUS_CODES[status] ?? "error") };
  return error instanceof InvalidArgument ? { ...body, details: error.violations } : body;
}
