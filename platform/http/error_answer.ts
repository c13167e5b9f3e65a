import { STATUS_CODES } from "node:http";
import type { ErrorHandler, TypedResponse } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Failure, type FailureKind, type FieldViolation, InvalidArgument } from "../core/failure.ts";
import { sentViolations } from "../core/violations.ts";
import type { Logger } from "../log/logger.ts";

/** The body of every HTTP error; `ErrorBody` in the OpenAPI documents. */
export interface ErrorBody {
  /** The HTTP status. */
  readonly code: number;
  readonly message: string;
  /** Stable and machine-readable, as in gRPC's `ErrorInfo`: `ORDER_NOT_FOUND`. */
  readonly reason?: string;
  readonly details?: readonly FieldViolation[];
}

/**
 * Declares, in the type of a handler or middleware, the statuses that it refuses requests with. Refusals are thrown, and
 * the compiler does not infer what is thrown.
 */
export type Refusal<Status extends ContentfulStatusCode> = TypedResponse<ErrorBody, Status, "json">;

/**
 * Creates the handler that turns anything thrown into an HTTP answer: the one place where failures get their status.
 *
 * A `Failure` is answered in its own words. Anything else is a fault of ours, which is logged in full and answered with
 * a bare 500.
 */
export function httpErrorHandler(log: Logger): ErrorHandler {
  return (error, c) => {
    const status = statusOf(error);
    if (status === 500) log.error({ err: error }, "request faulted");
    else if (error.cause !== undefined) log.warn({ err: error }, "request failed");
    if (error instanceof Failure && error.retryAfterSeconds !== undefined) {
      c.header("Retry-After", String(error.retryAfterSeconds));
    }
    if (error instanceof HTTPException) error.res?.headers.forEach((value, name) => c.header(name, value));
    return c.json(bodyOf(error, status), status);
  };
}

const STATUSES: Readonly<Record<FailureKind, ContentfulStatusCode>> = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  aborted: 409,
  unprocessable: 422,
  resource_exhausted: 429,
  unavailable: 503,
  deadline_exceeded: 504,
};

function statusOf(error: Error): ContentfulStatusCode {
  if (error instanceof Failure) return STATUSES[error.kind];
  return error instanceof HTTPException ? error.status : 500;
}

function bodyOf(error: Error, status: number): ErrorBody {
  if (status === 500) return { code: status, message: "internal error", reason: "INTERNAL" };
  const phrase = STATUS_CODES[status] ?? "error";
  const reason = error instanceof Failure ? error.reason : phrase.toUpperCase().replaceAll(/[^A-Z]+/g, "_");
  if (error instanceof InvalidArgument) {
    const { message, violations } = sentViolations(error);
    return { code: status, message, reason, details: violations };
  }
  // Some of Hono's own exceptions have no message.
  return { code: status, message: error.message || phrase, reason };
}
