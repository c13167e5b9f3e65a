import {
  type CallOptions,
  type ClientUnaryCall,
  Metadata,
  type ServiceError,
  status as Code,
} from "@grpc/grpc-js";
import { currentRequest } from "../core/request_context.ts";
import { hopDeadline } from "../core/deadline.ts";
import {
  DeadlineExceeded,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
} from "../core/failure.ts";
import { SERVICE_TOKEN_INVALID } from "../auth/service_token.ts";
import { REQUEST_ID_KEY } from "../auth/metadata.ts";
import { readErrorDetails } from "./status_details.ts";

/** A generated client's unary method, bound to its client. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

/**
 * Calls another service: with the request's id, and a deadline of 2 s or what is left of the request's own.
 *
 * @param dependency The service's name, for failures.
 * @param method e.g. `client.listParts.bind(client)`.
 * @param metadata What else to send; see `forwardSessionUUIDToGRPC`.
 * @throws {Unavailable} when the service can't be reached or the connection breaks under the call.
 * @throws {DeadlineExceeded} when it does not answer in time.
 * @throws {Unauthenticated | PermissionDenied | ResourceExhausted} as the service answered.
 * @throws {ServiceError} for any other status: the caller knows what it means there, or it is a fault of ours.
 */
export function callUnary<Request, Response>(
  dependency: string,
  method: UnaryMethod<Request, Response>,
  request: Request,
  metadata = new Metadata(),
): Promise<Response> {
  const requestId = currentRequest()?.requestId;
  if (requestId !== undefined) metadata.set(REQUEST_ID_KEY, requestId);
  return new Promise((resolve, reject) => {
    method(request, metadata, { deadline: hopDeadline() }, (error, response) => {
      if (error === null) resolve(response);
      else reject(toFailure(error, dependency));
    });
  });
}

/** nghttp2's words when a connection is closed under a call; grpc-js reports it as `INTERNAL`. */
const BROKEN_CONNECTION = /RST_STREAM|ECONNRESET|GOAWAY/;

function toFailure(error: ServiceError, dependency: string): Error {
  const { info, retryAfterSeconds } = readErrorDetails(error.metadata);
  switch (error.code) {
    case Code.UNAVAILABLE:
    // Nothing here cancels a call: the other side gave up on it, as a server does at the end of its patience.
    case Code.CANCELLED:
      return new Unavailable(dependency, { cause: error });
    case Code.INTERNAL:
      return BROKEN_CONNECTION.test(error.details) ? new Unavailable(dependency, { cause: error }) : error;
    case Code.DEADLINE_EXCEEDED:
      return new DeadlineExceeded(dependency, { cause: error });
    case Code.UNAUTHENTICATED:
      // It is this service that is not let in: a caller told so would throw its good session away.
      if (info?.reason === SERVICE_TOKEN_INVALID) return new Unavailable(dependency, { cause: error });
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
      return error;
  }
}
