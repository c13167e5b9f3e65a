import { answerFaults, requestIdFaults, WHOLE_MESSAGE } from "../../support/grpc_answer.ts";
import type { ContractMethod } from "../../support/grpc_contract.ts";
import { readError } from "../../support/grpc_error.ts";
import type { RawAnswer } from "../../support/grpc_wire.ts";
import type { FuzzedBytes } from "../../support/wire_records.ts";
import { isWhole } from "./framing.ts";
import { MAX_MESSAGE_BYTES } from "./message.ts";
import type { FuzzedRequest } from "./request.ts";

/** Statuses that gRPC itself returns: for a broken frame, a message that is too large, a deadline that has passed. */
const LIBRARY_STATUSES: readonly string[] = ["UNIMPLEMENTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"];

/**
 * Checks the answer to a generated request.
 *
 * @param message The message that was sent.
 * @returns What is wrong with the answer, in words.
 */
export function faultsOf(
  method: ContractMethod,
  { framing, headers, hasGoodMetadata }: FuzzedRequest,
  message: FuzzedBytes,
  answer: RawAnswer,
): readonly string[] {
  const { status, details } = answer;
  if (status === "INTERNAL") return [`INTERNAL (${details})`];
  const isPlain = isWhole(framing) && message.bytes.length <= MAX_MESSAGE_BYTES &&
    !("grpc-timeout" in headers);
  if (!isPlain && LIBRARY_STATUSES.includes(status)) return requestIdFaults(answer);
  const faults = [...answerFaults(method, answer), ...idFaults(headers["x-request-id"], answer)];
  const isAuthenticated = hasGoodMetadata && !("session-uuid" in headers);
  return isPlain && isAuthenticated ? [...faults, ...decodingFaults(method, message, answer)] : faults;
}

/** A caller's own request id is kept if it is valid. */
function idFaults(offered: unknown, { trailers }: RawAnswer): readonly string[] {
  const isKept = typeof offered !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(offered) ||
    trailers.get("x-request-id")[0] === offered;
  return isKept ? [] : [`x-request-id is ${trailers.get("x-request-id")}, not ${offered}`];
}

function decodingFaults(
  { registry }: ContractMethod,
  { isMessage }: FuzzedBytes,
  answer: RawAnswer,
): readonly string[] {
  if (isMessage === undefined) return [];
  const fields = readError(registry, answer)?.violations.map(({ field }) => field) ?? [];
  const isDecoded = !fields.includes(WHOLE_MESSAGE);
  if (isDecoded === isMessage) return [];
  return [isDecoded ? "undecodable bytes are accepted" : "a valid message is refused as undecodable"];
}
