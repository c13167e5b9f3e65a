/**
 * gRPC servers and clients.
 *
 * @module
 */
export { authInterceptor, type AuthInterceptorOptions } from "./auth_interceptor.ts";
export { callUnary, type UnaryMethod } from "./call.ts";
export { createGrpcClient, type GrpcClient, type GrpcClientClass } from "./client.ts";
export { addHealth, type Health } from "./health.ts";
export { createHealthProbe, type HealthProbe } from "./health_probe.ts";
export { createGrpcServer, type GrpcServerOptions, listenGrpc, shutDownGrpc } from "./server.ts";
export { addUnaryService, type UnaryHandlers } from "./service.ts";
export { type ErrorDetails, readErrorDetails } from "./status_details.ts";
