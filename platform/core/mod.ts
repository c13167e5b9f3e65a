/**
 * What every floor above rests on: failures, deadlines, the request context, UUIDs, addresses, probes.
 *
 * @module
 */
export { formatAddress } from "./address.ts";
export { CannotListen } from "./cannot_listen.ts";
export { type Client, NO_PROXIES, parseIp, type TrustedProxies } from "./client_address.ts";
export {
  HOP_LIMIT_MS,
  hopDeadline,
  isAbandoned,
  outsideRequestDeadline,
  REQUEST_LIMIT_MS,
  timeLeftMs,
  withinHopDeadline,
} from "./deadline.ts";
export {
  CONNECTION_LIMITS,
  type ConnectionCap,
  type ConnectionLimits,
  createConnectionCap,
} from "./connection_cap.ts";
export { errorCode, explainFailure } from "./explain_failure.ts";
export {
  Aborted,
  AccessRefused,
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  Failure,
  type FailureKind,
  type FieldViolation,
  InvalidArgument,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unprocessable,
} from "./failure.ts";
export {
  createLoadShedder,
  LOAD_LIMITS,
  type LoadLimits,
  type LoadShedder,
  Overloaded,
  type WorkKind,
  type WorkPlace,
} from "./load_shedder.ts";
export { createProbeCache, type Probe, type ProbeFailures, type Probes, runProbes } from "./probe.ts";
export {
  createLocalRateLimit,
  RateExceeded,
  type RateLimit,
  type RatePolicy,
  type RateVerdict,
} from "./rate_limit.ts";
export { adoptRequestId, currentRequest, type RequestContext, runWithRequest } from "./request_context.ts";
export { inBatches, repeatFullBatches } from "./batches.ts";
export { parseUuid, UUID_RULE } from "./uuid.ts";
export { createSignal, type Signal } from "./signal.ts";
export { StartError } from "./start_error.ts";
export { type Door, type OpenDoor } from "./door.ts";
export {
  type Cents,
  cents,
  centsOfDecimal,
  centsOfPrice,
  centsToDecimal,
  centsToNumber,
  totalCents,
} from "./cents.ts";
export { collectViolations, type ViolationCollector } from "./violations.ts";
