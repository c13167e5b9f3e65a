/**
 * Shared by all gRPC services: `google.rpc` error details and the descriptors of all contracts.
 *
 * @module
 */
export { descriptorSet } from "./descriptor_set.ts";
export { Any } from "./gen/google/protobuf/any.ts";
export { Duration } from "./gen/google/protobuf/duration.ts";
export {
  BadRequest,
  BadRequest_FieldViolation,
  ErrorInfo,
  RetryInfo,
} from "./gen/google/rpc/error_details.ts";
export { Status as RpcStatus } from "./gen/google/rpc/status.ts";
