import type { DescMessage } from "@bufbuild/protobuf";
import { status as Code } from "@grpc/grpc-js";
import type { ContractMethod } from "./grpc_contract.ts";
import { readError, type ReportedError } from "./grpc_error.ts";
import { messageFaults } from "./grpc_message.ts";
import type { RawAnswer } from "./grpc_wire.ts";

/**
 * Checks a response against the contract of its method: status, message, trailing metadata, and error details.
 *
 * @returns One message for each violation of the contract.
 */
export function answerFaults(method: ContractMethod, answer: RawAnswer): readonly string[] {
  return [
    ...requestIdFaults(answer),
    ...(answer.status === "OK" ? resultFaults(method, answer) : errorFaults(method, answer)),
  ];
}

/** Checks that a response has one valid request id in its trailing metadata. */
export function requestIdFaults({ trailers }: RawAnswer): readonly string[] {
  const ids = trailers.get("x-request-id");
  const [id] = ids;
  return ids.length === 1 && /^[A-Za-z0-9_-]{1,64}$/.test(String(id))
    ? []
    : [`x-request-id is ${JSON.stringify(ids)}`];
}

function resultFaults({ output, registry }: ContractMethod, { messages }: RawAnswer): readonly string[] {
  const [message, ...rest] = messages;
  if (message === undefined || rest.length > 0) return [`OK with ${messages.length} messages`];
  return messageFaults(output, message, registry);
}

function errorFaults(method: ContractMethod, answer: RawAnswer): readonly string[] {
  const { status, details } = answer;
  const documented = method.statuses.find(({ name }) => name === status);
  if (documented === undefined) return [`${status} (${details}) is not in the contract of ${method.name}`];
  try {
    const reported = readError(method.registry, answer);
    if (status === "INTERNAL") {
      return revealsNothing(reported, details) ? [] : [`INTERNAL reveals its cause: ${details}`];
    }
    if (reported === undefined) return [`${status} (${details}) has no grpc-status-details-bin`];
    return [
      ...(Code[reported.code] === status && reported.message === details ? [] : [
        `${status} (${details}) has a different status in its details: ${reported.code} (${reported.message})`,
      ]),
      ...(documented.reasons.includes(reported.reason ?? "")
        ? []
        : [`${reported.reason} is not a reason for ${status} in the contract of ${method.name}`]),
      ...(reported.detailTypes.join() === detailTypesOf(status).join()
        ? []
        : [`${status} has the details ${reported.detailTypes.join()}`]),
      ...reported.violations.flatMap((violation) => violationFaults(method.input, violation, details)),
    ];
  } catch (error) {
    return [`${status} (${details}): ${error}`];
  }
}

function revealsNothing(reported: ReportedError | undefined, details: string): boolean {
  return reported === undefined && details === "internal error";
}

/** The types of an error's details, in order. */
function detailTypesOf(status: string): readonly string[] {
  switch (status) {
    case "INVALID_ARGUMENT":
      return ["ErrorInfo", "BadRequest"];
    case "ABORTED":
    case "UNAVAILABLE":
    case "RESOURCE_EXHAUSTED":
      return ["ErrorInfo", "RetryInfo"];
    default:
      return ["ErrorInfo"];
  }
}

/** The violation's field if the message can't be decoded. */
export const WHOLE_MESSAGE = "message";

/** The only violation's field that is outside the request's message. */
const TIMEOUT = "grpc-timeout";

function violationFaults(
  input: DescMessage,
  { field, description }: ReportedError["violations"][number],
  details: string,
): readonly string[] {
  return [
    ...([WHOLE_MESSAGE, TIMEOUT].includes(field) || hasField(input, field.split("."))
      ? []
      : [`${input.name} has no ${field}`]),
    ...(details.includes(`${field}: ${description}`) ? [] : [`the status's message does not name ${field}`]),
  ];
}

function hasField(desc: DescMessage, [step = "", ...steps]: readonly string[]): boolean {
  const field = desc.fields.find(({ name }) => name === step.replace(/\[\d+\]$/, ""));
  if (field === undefined) return false;
  return steps.length === 0 || field.message !== undefined && hasField(field.message, steps);
}
