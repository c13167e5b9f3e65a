import { type ServiceError, status as Code } from "@grpc/grpc-js";
import {
  DeadlineExceeded,
  type FailureKind,
  type FieldViolation,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
} from "../core/failure.ts";
import { SERVICE_TOKEN_INVALID } from "../auth/service_token.ts";
import { readErrorDetails } from "./status_details.ts";

/** A failure answered by another service that only the caller of the method can interpret. */
export class RemoteFailure extends Error {
  override readonly name = "RemoteFailure";

  /**
   * @param code The gRPC status, e.g. `FAILED_PRECONDITION`.
   * @param reason The stable reason, e.g. `STOCK_TOO_LITTLE`; `undefined` if the service sent none.
   * @param message The message from the service.
   * @param violations The fields of the request that broke a rule, if any.
   */
  constructor(
    readonly code: string,
    readonly reason: string | undefined,
    message: string,
    readonly violations: readonly FieldViolation[],
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Messages of a call whose connection broke, which grpc-js reports as `INTERNAL`. */
const BROKEN_CONNECTION = /RST_STREAM|ECONNRESET|GOAWAY/;

/** The kind of failure that a status of another service becomes; `remote`: only the caller can interpret it. */
type Meaning =
  | Extract<
    FailureKind,
    "unavailable" | "deadline_exceeded" | "unauthenticated" | "permission_denied" | "resource_exhausted"
  >
  | "remote";

const MEANINGS: Readonly<Record<Code, Meaning>> = {
  [Code.OK]: "remote",
  // We never cancel a call, so the server gave up on it, as it does at the end of its grace period.
  [Code.CANCELLED]: "unavailable",
  [Code.UNKNOWN]: "remote",
  [Code.INVALID_ARGUMENT]: "remote",
  [Code.DEADLINE_EXCEEDED]: "deadline_exceeded",
  [Code.NOT_FOUND]: "remote",
  [Code.ALREADY_EXISTS]: "remote",
  [Code.PERMISSION_DENIED]: "permission_denied",
  [Code.RESOURCE_EXHAUSTED]: "resource_exhausted",
  [Code.FAILED_PRECONDITION]: "remote",
  [Code.ABORTED]: "remote",
  [Code.OUT_OF_RANGE]: "remote",
  [Code.UNIMPLEMENTED]: "remote",
  [Code.INTERNAL]: "remote",
  [Code.UNAVAILABLE]: "unavailable",
  [Code.DATA_LOSS]: "remote",
  [Code.UNAUTHENTICATED]: "unauthenticated",
};

/** Converts the error of a call into the failure that {@linkcode RpcClient} throws. */
export function fromServiceError(error: ServiceError, dependency: string): Error {
  const { info, retryAfterSeconds, violations } = readErrorDetails(error.metadata);
  const { code, details } = error;
  const reason = info?.reason;
  const cause = { cause: error };
  // This service was refused, not the user; reporting UNAUTHENTICATED would make the client drop a valid session.
  const isOurFault = reason === SERVICE_TOKEN_INVALID;
  const isBroken = code === Code.INTERNAL && BROKEN_CONNECTION.test(details);
  switch (isOurFault || isBroken ? "unavailable" : MEANINGS[code]) {
    case "unavailable":
      return new Unavailable(dependency, cause);
    case "deadline_exceeded":
      return new DeadlineExceeded(dependency, cause);
    case "unauthenticated":
      return new Unauthenticated(reason, details);
    case "permission_denied":
      return new PermissionDenied(reason ?? "PERMISSION_DENIED", details);
    case "resource_exhausted":
      return new ResourceExhausted(reason ?? "RESOURCE_EXHAUSTED", details, retryAfterSeconds ?? 1);
    case "remote":
      return new RemoteFailure(Code[code], reason, details, violations, cause);
  }
}
