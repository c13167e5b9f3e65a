/**
 * The contracts as code: everything the services say to one another and to their clients.
 *
 * All of it is generated from the `.proto` and OpenAPI files beside this one; `deno task proto` does so anew.
 *
 * A client of a gRPC service is its class here, made by `createGrpcClient` and called by `callUnary`, both of
 * `platform`: so every connection is kept in one way, and every call has its deadline.
 *
 * @module
 */
export {
  AuthServiceClient,
  type AuthServiceServer,
  AuthServiceService,
  LoginRequest,
  LoginResponse,
  WhoamiRequest,
  WhoamiResponse,
} from "./gen/auth/v1/auth.ts";
export {
  GetUserRequest,
  GetUserResponse,
  RegisterRequest,
  RegisterResponse,
  UserRegistrationInfo,
  UserServiceClient,
  type UserServiceServer,
  UserServiceService,
} from "./gen/user/v1/user.ts";
export { Session } from "./gen/common/v1/session.ts";
export { NotificationMethod, User, UserInfo } from "./gen/common/v1/user.ts";
export {
  Category,
  categoryFromJSON,
  categoryToJSON,
  CommitPartsRequest,
  CommitPartsResponse,
  Dimensions,
  GetPartRequest,
  GetPartResponse,
  InventoryServiceClient,
  type InventoryServiceServer,
  InventoryServiceService,
  ListPartsRequest,
  ListPartsResponse,
  Manufacturer,
  Part,
  PartQuantity,
  PartsFilter,
  ReleasePartsRequest,
  ReleasePartsResponse,
  ReservePartsRequest,
  ReservePartsResponse,
  Value,
} from "./gen/inventory/v1/inventory.ts";
export {
  PaymentMethod,
  paymentMethodFromJSON,
  paymentMethodToJSON,
  PaymentServiceClient,
  type PaymentServiceServer,
  PaymentServiceService,
  PayOrderRequest,
  PayOrderResponse,
} from "./gen/payment/v1/payment.ts";
export { OrderPaid } from "./gen/events/v1/order.ts";
export { descriptorSet } from "./descriptor_set.ts";
// What travels in `grpc-status-details-bin`. `google.rpc.Status` is renamed, as grpc-js has a `status` too.
export { Any } from "./gen/google/protobuf/any.ts";
export { Duration } from "./gen/google/protobuf/duration.ts";
export {
  BadRequest,
  BadRequest_FieldViolation,
  ErrorInfo,
  RetryInfo,
} from "./gen/google/rpc/error_details.ts";
export { Status as RpcStatus } from "./gen/google/rpc/status.ts";
// The HTTP order API. In a namespace, as its schemas share names with the messages above (`PaymentMethod`).
export * as orderApi from "./gen/order/v1/order.ts";
export { orderDocument } from "./gen/order/v1/order_document.ts";
export type { paths as OrderPaths } from "./gen/order/v1/order_paths.ts";
