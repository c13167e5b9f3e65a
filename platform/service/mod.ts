/**
 * A service from start to stop: readiness, background work, shutdown.
 *
 * @module
 */
export { repeat, type RepeatedWork } from "./repeat.ts";
export { type RunningService, runService } from "./run_service.ts";
export { type ServiceParts, startService } from "./start_service.ts";
