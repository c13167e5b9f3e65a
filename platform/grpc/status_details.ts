import type { Metadata } from "@grpc/grpc-js";
import { BadRequest, ErrorInfo, RetryInfo, RpcStatus } from "@rocket/proto/rpc";
import type { FieldViolation } from "../core/failure.ts";
import { DETAILS_KEY } from "./status.ts";

/** The structured details of a gRPC error; what it does not carry is absent or empty. */
export interface ErrorDetails {
  readonly info?: ErrorInfo;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterSeconds?: number;
}

/**
 * Reads `grpc-status-details-bin` (`google.rpc.Status`) from the trailing metadata of a call.
 *
 * Unknown or undecodable details are ignored: they only add to the status, which is known without them.
 */
export function readErrorDetails(metadata: Metadata): ErrorDetails {
  const [encoded] = metadata.get(DETAILS_KEY);
  if (!(encoded instanceof Uint8Array)) return { violations: [] };
  try {
    return collect(RpcStatus.decode(encoded));
  } catch {
    return { violations: [] };
  }
}

function collect(status: RpcStatus): ErrorDetails {
  let details: ErrorDetails = { violations: [] };
  for (const { typeUrl, value } of status.details) {
    switch (typeUrl.slice(typeUrl.lastIndexOf("/") + 1)) {
      case "google.rpc.ErrorInfo":
        details = { ...details, info: ErrorInfo.decode(value) };
        break;
      case "google.rpc.RetryInfo":
        details = { ...details, retryAfterSeconds: RetryInfo.decode(value).retryDelay?.seconds ?? 0 };
        break;
      case "google.rpc.BadRequest": {
        const violations = BadRequest.decode(value).fieldViolations
          .map(({ field, description }) => ({ field, message: description }));
        details = { ...details, violations };
        break;
      }
    }
  }
  return details;
}
