import { type ServiceError, status as Code } from "@grpc/grpc-js";
import {
  DeadlineExceeded,
  type FieldViolation,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
} from "../core/failure.ts";
import { SERVICE_TOKEN_INVALID } from "../auth/service_token.ts";
import { readErrorDetails } from "./status_details.ts";

/** A refusal by another service whose meaning only the caller of the method knows. */
export class RemoteFailure extends Error {
  override readonly name = "RemoteFailure";

  /**
   * @param code The gRPC status, e.g. `FAILED_PRECONDITION`.
   * @param reason The stable reason in its details, e.g. `STOCK_TOO_LITTLE`; `undefined` if it has none.
   * @param message The words of the service.
   * @param violations The broken fields of the request, if that is what it refused.
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

/** nghttp2's words when a connection is closed under a call; grpc-js reports it as `INTERNAL`. */
const BROKEN_CONNECTION = /RST_STREAM|ECONNRESET|GOAWAY/;

/** Turns the error of a call into the failure that its caller sees; see {@linkcode RpcClient}. */
export function fromServiceError(error: ServiceError, dependency: string): Error {
  const { info, retryAfterSeconds, violations } = readErrorDetails(error.metadata);
  const cause = { cause: error };
  const remote = new RemoteFailure(
    Code[error.code] ?? String(error.code),
    info?.reason,
    error.details,
    violations,
    cause,
  );
  switch (error.code) {
    case Code.UNAVAILABLE:
    // Nothing here cancels a call: the other side gave up on it, as a server does at the end of its patience.
    case Code.CANCELLED:
      return new Unavailable(dependency, cause);
    case Code.INTERNAL:
      return BROKEN_CONNECTION.test(error.details) ? new Unavailable(dependency, cause) : remote;
    case Code.DEADLINE_EXCEEDED:
      return new DeadlineExceeded(dependency, cause);
    case Code.UNAUTHENTICATED:
      // It is this service that is refused: a caller that saw it would throw its good session away.
      if (info?.reason === SERVICE_TOKEN_INVALID) return new Unavailable(dependency, cause);
      return new Unauthenticated(info?.reason, error.details);
    case Code.PERMISSION_DENIED:
      return new PermissionDenied(info?.reason ?? "PERMISSION_DENIED", error.details);
    case Code.RESOURCE_EXHAUSTED:
      return new ResourceExhausted(
        info?.reason ?? "RESOURCE_EXHAUSTED",
        error.details,
        retryAfterSeconds ?? 1,
      );
    default:
      return remote;
  }
}
