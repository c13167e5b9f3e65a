import { type ServerInterceptingCallInterface, status as Code } from "@grpc/grpc-js";
import { type FieldViolation, InvalidArgument } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** A status that is about to be sent. */
export type SentStatus = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/**
 * Rewrites every status of a call before it is sent, including those that grpc-js sends without asking any
 * interceptor: for a message that is too large, or an invalid timeout.
 *
 * @param call The call that the first interceptor receives; grpc-js sends its own statuses through it.
 */
export function rewriteStatuses(
  call: ServerInterceptingCallInterface,
  rewrite: (status: SentStatus) => SentStatus,
): void {
  const send = call.sendStatus.bind(call);
  call.sendStatus = (status) => send(rewrite(status));
}

/** Mistakes of the caller that grpc-js reports as `INTERNAL`, by its message. */
const MISTAKES: readonly (readonly [RegExp, FieldViolation])[] = [
  [/^Invalid grpc-timeout value/, { field: "grpc-timeout", message: "is not a valid gRPC timeout" }],
];

/** Turns an `INTERNAL` that is really the caller's mistake into `INVALID_ARGUMENT`; returns other statuses unchanged. */
export function correctStatus(status: SentStatus, log: Logger): SentStatus {
  if (status.code !== Code.INTERNAL) return status;
  const [, violation] = MISTAKES.find(([words]) => words.test(status.details)) ?? [];
  return violation === undefined ? status : toGrpcStatus(new InvalidArgument([violation]), log);
}
