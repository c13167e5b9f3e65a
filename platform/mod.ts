/**
 * What every service needs and no service owns: the session's way from door to door, servers and clients,
 * stores, configuration, logging, and a clean start and stop.
 *
 * @module
 */
export { COMMON_VARIABLES } from "./config/common_variables.ts";
export { type Config, type Environment, InvalidConfig, readConfig, type Variables } from "./config/config.ts";
export {
  duration,
  host,
  integer,
  oneOf,
  port,
  postgresUrl,
  redisUrl,
  target,
  type Variable,
} from "./config/variable.ts";
export {
  adoptRequestId,
  currentRequest,
  type RequestContext,
  runWithRequest,
} from "./context/request_context.ts";
export { type Caller, requireCaller, runWithCaller, type SessionContext } from "./context/caller_context.ts";
export { currentSession, requireSession, runWithSession } from "./context/session_context.ts";
export { HOP_LIMIT_MS, hopDeadline, REQUEST_LIMIT_MS, withinHopDeadline } from "./deadline/deadline.ts";
export {
  Aborted,
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  Failure,
  type FieldViolation,
  InvalidArgument,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unprocessable,
} from "./failure/failure.ts";
export { type Access, authInterceptor, type AuthInterceptorOptions } from "./grpc/auth_interceptor.ts";
export { callUnary, type UnaryMethod } from "./grpc/call.ts";
export { createGrpcClient, type GrpcClient, type GrpcClientClass } from "./grpc/client.ts";
export { forwardSessionUUIDToGRPC } from "./grpc/forward_session.ts";
export { addHealth, type Health } from "./grpc/health.ts";
export { createHealthProbe, type HealthProbe } from "./grpc/health_probe.ts";
export { createGrpcServer, type GrpcServerOptions, listenGrpc, shutDownGrpc } from "./grpc/server.ts";
export { addUnaryService, type UnaryHandlers } from "./grpc/service.ts";
export { type ErrorDetails, readErrorDetails } from "./grpc/status_details.ts";
export { SERVICE_TOKEN_KEY, SESSION_UUID_KEY } from "./grpc/metadata.ts";
export { type Probe, type ProbeResults, type Probes, runProbes } from "./health/probe.ts";
export { type ReadinessListener, watchStores } from "./health/store_watch.ts";
export { authMiddleware, SESSION_UUID_HEADER } from "./http/auth_middleware.ts";
export type { Disagreement } from "./http/disagreement.ts";
export { type ErrorBody, httpErrorHandler, type Refusal } from "./http/error_answer.ts";
export { addHealthRoutes, type Readiness } from "./http/health_routes.ts";
export { BODY_LIMIT_BYTES, jsonBody, limitBody } from "./http/json_body.ts";
export { refuseOtherMethods } from "./http/method_not_allowed.ts";
export { httpNotFoundHandler } from "./http/not_found.ts";
export { headerParams, pathParams, queryParams } from "./http/params.ts";
export { requestMiddleware } from "./http/request_middleware.ts";
export { type HttpHandler, type HttpServer, serveHttp } from "./http/server.ts";
export { CannotListen } from "./lifecycle/cannot_listen.ts";
export { Container } from "./lifecycle/container.ts";
export { repeat, type RepeatedWork } from "./lifecycle/repeat.ts";
export { type RunningService, runService } from "./lifecycle/run_service.ts";
export { type GrpcServiceParts, startGrpcService } from "./lifecycle/start_grpc_service.ts";
export { type HttpServiceParts, startHttpService } from "./lifecycle/start_http_service.ts";
export { type ServiceParts } from "./lifecycle/start_service.ts";
export { waitForStores } from "./lifecycle/wait_for_stores.ts";
export {
  createLogger,
  createLogOutput,
  LOG_FORMATS,
  LOG_LEVELS,
  type Logger,
  type LoggerOptions,
  type LogOutput,
} from "./log/logger.ts";
export { type Address, denoFlags, type Needs } from "./permissions/permissions.ts";
export { printDenoFlags } from "./permissions/print_deno_flags.ts";
export { storeTarget } from "./permissions/store_target.ts";
export { migrate, type MigrateOptions, MigrationFailed } from "./postgres/migrator.ts";
export { brokenCheckConstraint, brokenUniqueConstraint } from "./postgres/failure.ts";
export { createPostgres, type Postgres, type PostgresOptions } from "./postgres/postgres.ts";
export { createRedis, type Redis } from "./redis/redis.ts";
export { addServiceToken, type ServiceToken, serviceToken } from "./session/service_token.ts";
export { createSessionUuid, parseSessionUuid, type SessionUuid } from "./session/session_uuid.ts";
export { createSessionVerifier, type SessionVerifier } from "./session/session_verifier.ts";
export { parseUuid, UUID_RULE } from "./uuid/uuid.ts";
