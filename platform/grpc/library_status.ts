import { type ServerInterceptingCallInterface, status as Code } from "@grpc/grpc-js";
import { type FieldViolation, InvalidArgument } from "../core/failure.ts";
import type { Logger } from "../log/logger.ts";
import { toGrpcStatus } from "./status.ts";

/** A status as it is about to be sent. */
export type SentStatus = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/**
 * Rewrites every status of a call before it is sent, those too that grpc-js sends of its own accord, below all
 * interceptors: to a message too large, to one that it can't decompress, to a timeout that is none.
 *
 * @param call As the first interceptor gets it: the one that grpc-js itself sends by.
 */
export function rewriteStatuses(
  call: ServerInterceptingCallInterface,
  rewrite: (status: SentStatus) => SentStatus,
): void {
  const send = call.sendStatus.bind(call);
  call.sendStatus = (status) => send(rewrite(status));
}

/** What a caller can break below the interceptors, by how grpc-js tells of it: as of a fault of ours. */
const MISTAKES: readonly (readonly [RegExp, FieldViolation])[] = [
  [/^Invalid grpc-timeout value/, { field: "grpc-timeout", message: "is no gRPC timeout" }],
  [/^Failed to decompress message/, { field: "message", message: "can't be decompressed" }],
];

/** Tells a caller's mistake as one, where grpc-js calls it `INTERNAL`; any other status is told as it is. */
export function correctStatus(status: SentStatus, log: Logger): SentStatus {
  if (status.code !== Code.INTERNAL) return status;
  const [, violation] = MISTAKES.find(([words]) => words.test(status.details)) ?? [];
  return violation === undefined ? status : toGrpcStatus(new InvalidArgument([violation]), log);
}
