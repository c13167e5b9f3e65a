import { SERVICE_NAMES, serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  GRPC_DOOR_VARIABLES,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  host,
  oneOf,
  port,
  printDenoFlags,
  target,
} from "@rocket/platform/config";

/**
 * How payment fails on purpose, so that its callers can be tested (`PAYMENT_FAULT`):
 *
 * - `none`: it does not fail;
 * - `slow`: the charge is made, and the answer comes after the caller's deadline;
 * - `fail`: answers `UNAVAILABLE` and charges nothing;
 * - `die`: the charge is made and answered, then the process ends with exit code 1.
 */
export const FAULTS = ["none", "slow", "fail", "die"] as const;

/** A way in which payment fails on purpose. */
export type Fault = typeof FAULTS[number];

const grpcHost = host("PAYMENT_GRPC_HOST", "127.0.0.1", GRPC_TLS);

/** Payment's environment variables. */
export const PAYMENT_VARIABLES = {
  ...COMMON_VARIABLES,
  ...GRPC_TLS_VARIABLES,
  ...GRPC_DOOR_VARIABLES,
  grpcHost,
  grpcPort: port("PAYMENT_GRPC_PORT", 50052, grpcHost),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053", GRPC_TLS),
  serviceToken: serviceToken(),
  serviceNames: SERVICE_NAMES,
  fault: oneOf("PAYMENT_FAULT", "none", FAULTS),
} as const;

/** Payment's configuration, checked. Times in milliseconds. */
export type PaymentConfig = Config<typeof PAYMENT_VARIABLES>;

if (import.meta.main) printDenoFlags(PAYMENT_VARIABLES);
