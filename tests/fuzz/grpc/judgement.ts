import { answerFaults, requestIdFaults, WHOLE_MESSAGE } from "../../support/grpc_answer.ts";
import type { ContractMethod } from "../../support/grpc_contract.ts";
import { readError } from "../../support/grpc_error.ts";
import type { RawAnswer } from "../../support/grpc_wire.ts";
import type { FuzzedBytes } from "../../support/wire_records.ts";
import { isWhole } from "./framing.ts";
import { MAX_MESSAGE_BYTES } from "./message.ts";
import type { FuzzedRequest } from "./request.ts";

/** What gRPC itself may answer: to a broken frame, a message that is too large, a deadline that has passed. */
const OF_ITS_OWN: readonly string[] = ["UNIMPLEMENTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"];

/**
 * Judges the answer to a made-up request.
 *
 * @param message What was sent for a message.
 * @returns What is wrong with it, in words.
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
  if (!isPlain && OF_ITS_OWN.includes(status)) return requestIdFaults(answer);
  const faults = [...answerFaults(method, answer), ...idFaults(headers["x-request-id"], answer)];
  const isLetIn = hasGoodMetadata && !("session-uuid" in headers);
  return isPlain && isLetIn ? [...faults, ...verdictFaults(method, message, answer)] : faults;
}

/** A caller's own id is kept if it is valid. */
function idFaults(offered: unknown, { trailers }: RawAnswer): readonly string[] {
  const isKept = typeof offered !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(offered) ||
    trailers.get("x-request-id")[0] === offered;
  return isKept ? [] : [`x-request-id is ${trailers.get("x-request-id")}, not ${offered}`];
}

function verdictFaults(
  { registry }: ContractMethod,
  { isMessage }: FuzzedBytes,
  answer: RawAnswer,
): readonly string[] {
  if (isMessage === undefined) return [];
  const fields = readError(registry, answer)?.violations.map(({ field }) => field) ?? [];
  const isTaken = !fields.includes(WHOLE_MESSAGE);
  if (isTaken === isMessage) return [];
  return [isTaken ? "bytes that are no message are taken for one" : "a message is refused as undecodable"];
}
