import { type FileRegistry, fromBinary, type JsonValue, toJson } from "@bufbuild/protobuf";
import { z } from "zod";
import type { RawAnswer } from "./grpc_wire.ts";

const TYPE_PREFIX = "type.googleapis.com/google.rpc.";

const errorInfo = z.strictObject({
  "@type": z.literal(`${TYPE_PREFIX}ErrorInfo`),
  reason: z.string(),
  domain: z.literal("rocket-factory"),
});

const badRequest = z.strictObject({
  "@type": z.literal(`${TYPE_PREFIX}BadRequest`),
  fieldViolations: z.array(z.strictObject({ field: z.string(), description: z.string() })).min(1),
});

const retryInfo = z.strictObject({
  "@type": z.literal(`${TYPE_PREFIX}RetryInfo`),
  retryDelay: z.string().regex(/^[1-9][0-9]*s$/),
});

const rpcStatus = z.strictObject({
  code: z.number(),
  message: z.string(),
  details: z.array(z.discriminatedUnion("@type", [errorInfo, badRequest, retryInfo])),
});

/** The details of an error in `grpc-status-details-bin`. */
export interface ReportedError {
  /** The status's number and message, which the trailing metadata contain as well. */
  readonly code: number;
  readonly message: string;
  /** The types of its details, in order, e.g. `ErrorInfo`. */
  readonly detailTypes: readonly string[];
  /** The reason of `ErrorInfo`. */
  readonly reason: string | undefined;
  /** The fields of `BadRequest`, each by its path in the request. */
  readonly violations: readonly { readonly field: string; readonly description: string }[];
}

/**
 * Decodes an error's details with the types that its server describes.
 *
 * @returns `undefined` if there are none.
 * @throws {Error} if they are not a `google.rpc.Status`, or contain a type that is not in the contracts.
 */
export function readError(registry: FileRegistry, { trailers }: RawAnswer): ReportedError | undefined {
  const [encoded] = trailers.get("grpc-status-details-bin");
  if (!(encoded instanceof Uint8Array)) return undefined;
  const { code, message, details } = rpcStatus.parse(toJsonStatus(registry, encoded));
  return {
    code,
    message,
    detailTypes: details.map((detail) => detail["@type"].slice(TYPE_PREFIX.length)),
    reason: details.flatMap((detail) => "reason" in detail ? detail.reason : [])[0],
    violations: details.flatMap((detail) => "fieldViolations" in detail ? detail.fieldViolations : []),
  };
}

function toJsonStatus(registry: FileRegistry, encoded: Uint8Array): JsonValue {
  const desc = registry.getMessage("google.rpc.Status");
  if (desc === undefined) throw new TypeError("the server does not describe google.rpc.Status");
  return toJson(desc, fromBinary(desc, encoded), { registry });
}
