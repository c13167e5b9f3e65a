/**
 * gRPC servers and clients.
 *
 * @module
 */
export { authInterceptor, type AuthInterceptorOptions } from "./auth_interceptor.ts";
export { WORK_LIMITS, type WorkLimits } from "./connection_work.ts";
export { createClient, type RpcClient } from "./client.ts";
export { RemoteFailure } from "./remote_failure.ts";
export { createGrpcDoor, type GrpcDoor, type GrpcDoorOptions, type RpcService, rpcService } from "./door.ts";
export { addHealth, type Health } from "./health.ts";
export { createHealthProbe, type HealthProbe } from "./health_probe.ts";
export {
  createGrpcServer,
  type GrpcServer,
  type GrpcServerOptions,
  listenGrpc,
  shutDownGrpc,
} from "./server.ts";
export { addUnaryService, type UnaryHandlers } from "./service.ts";
export { type ErrorDetails, readErrorDetails } from "./status_details.ts";
