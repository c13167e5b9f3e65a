/**
 * A service from start to stop: readiness, background work, shutdown.
 *
 * @module
 */
export { Container } from "./container.ts";
export { repeat, type RepeatedWork } from "./repeat.ts";
export { type RunningService, runService } from "./run_service.ts";
export { type GrpcServiceParts, startGrpcService } from "./start_grpc_service.ts";
export { type HttpServiceParts, startHttpService } from "./start_http_service.ts";
export { type ServiceParts } from "./start_service.ts";
export { type ReadinessListener, watchStores } from "./store_watch.ts";
export { waitForStores } from "./wait_for_stores.ts";
