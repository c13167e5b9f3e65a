import { serviceToken } from "@rocket/platform/auth";
import { COMMON_VARIABLES, type Config, host, oneOf, port, target } from "@rocket/platform/config";
import { FAULTS } from "./fault.ts";

/** Payment's environment variables. */
export const PAYMENT_VARIABLES = {
  ...COMMON_VARIABLES,
  grpcHost: host("PAYMENT_GRPC_HOST", "127.0.0.1"),
  grpcPort: port("PAYMENT_GRPC_PORT", 50052),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053"),
  serviceToken: serviceToken(),
  fault: oneOf("PAYMENT_FAULT", "none", FAULTS),
} as const;

/** Payment's configuration, checked. Times in milliseconds. */
export type PaymentConfig = Config<typeof PAYMENT_VARIABLES>;
