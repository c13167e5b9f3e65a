import { Metadata, status as Code, type StatusObject } from "@grpc/grpc-js";
import { Any, BadRequest, ErrorInfo, RetryInfo, RpcStatus } from "@rocket/proto/rpc";
import { Failure, type FailureKind, type FieldViolation, InvalidArgument } from "../core/failure.ts";
import { sentViolations } from "../core/violations.ts";
import type { Logger } from "../log/logger.ts";

/** Metadata key under which gRPC carries an error's structured details (`google.rpc.Status`, encoded). */
export const DETAILS_KEY = "grpc-status-details-bin";

/** `google.rpc.ErrorInfo.domain` of every failure. */
export const ERROR_DOMAIN = "rocket-factory";

const CODES: Readonly<Record<FailureKind, Code>> = {
  invalid_argument: Code.INVALID_ARGUMENT,
  unauthenticated: Code.UNAUTHENTICATED,
  permission_denied: Code.PERMISSION_DENIED,
  not_found: Code.NOT_FOUND,
  already_exists: Code.ALREADY_EXISTS,
  failed_precondition: Code.FAILED_PRECONDITION,
  aborted: Code.ABORTED,
  unprocessable: Code.FAILED_PRECONDITION,
  resource_exhausted: Code.RESOURCE_EXHAUSTED,
  unavailable: Code.UNAVAILABLE,
  deadline_exceeded: Code.DEADLINE_EXCEEDED,
};

/**
 * Converts anything thrown into a gRPC status; the only place where that is decided.
 *
 * A `Failure` is sent with its details. Anything else is a bug: it is logged in full and sent as `INTERNAL` without
 * details.
 */
export function toGrpcStatus(error: unknown, log: Logger): StatusObject {
  if (error instanceof Failure) {
    const code = CODES[error.kind];
    const sent = error instanceof InvalidArgument ? sentViolations(error) : undefined;
    const message = sent?.message ?? error.message;
    const metadata = new Metadata();
    const encoded = RpcStatus.encode({ code, message, details: detailsOf(error, sent?.violations) }).finish();
    metadata.set(DETAILS_KEY, Buffer.from(encoded));
    if (error.cause !== undefined) log.warn({ err: error, reason: error.reason }, "call failed");
    return { code, details: message, metadata };
  }
  log.error({ err: error }, "call faulted");
  return { code: Code.INTERNAL, details: "internal error", metadata: new Metadata() };
}

function detailsOf(failure: Failure, violations?: readonly FieldViolation[]): Any[] {
  const details = [
    pack(
      "google.rpc.ErrorInfo",
      ErrorInfo.encode({ reason: failure.reason, domain: ERROR_DOMAIN, metadata: {} }),
    ),
  ];
  if (violations !== undefined) {
    const fieldViolations = violations.map(({ field, message }) => ({
      field,
      description: message,
      reason: "",
      localizedMessage: undefined,
    }));
    details.push(pack("google.rpc.BadRequest", BadRequest.encode({ fieldViolations })));
  }
  if (failure.retryAfterSeconds !== undefined) {
    const retryDelay = { seconds: failure.retryAfterSeconds, nanos: 0 };
    details.push(pack("google.rpc.RetryInfo", RetryInfo.encode({ retryDelay })));
  }
  return details;
}

function pack(type: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: `type.googleapis.com/${type}`, value: Buffer.from(message.finish()) };
}
