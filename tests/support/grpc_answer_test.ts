import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Metadata, status as Code } from "@grpc/grpc-js";
import { RegisterResponse } from "@rocket/proto/iam";
import { type Any, BadRequest, descriptorSet, ErrorInfo, RetryInfo, RpcStatus } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { answerFaults } from "./grpc_answer.ts";
import { type ContractMethod, documentedStatuses } from "./grpc_contract.ts";
import type { RawAnswer } from "./grpc_wire.ts";

const register = describeMethod("user.v1.UserService", "Register");
const result = RegisterResponse.encode({ userUuid: crypto.randomUUID() }).finish();

const LOGIN = { field: "info.info.login", description: "is too short" };
const TARGET = { field: "info.info.notification_methods[1].target", description: "is empty" };
const UNKNOWN_FIELD = { field: "info.info.phone", description: "is too short" };
const UNDECODABLE = { field: "message", description: "is invalid" };
const INVALID = info("INVALID_ARGUMENT");
const UNAVAILABLE = info("DEPENDENCY_UNAVAILABLE");
const TWO_VIOLATIONS = "info.info.login: is too short; info.info.notification_methods[1].target: is empty";

const VALID: Readonly<Record<string, RawAnswer>> = {
  "a result": answer("OK", "OK", result),
  "an error with its reason": error("ALREADY_EXISTS", "login: is taken", info("LOGIN_TAKEN")),
  "an error with field violations": error("INVALID_ARGUMENT", TWO_VIOLATIONS, INVALID, fields(LOGIN, TARGET)),
  "an error for bytes that are not a message": error(
    "INVALID_ARGUMENT",
    "message: is invalid",
    INVALID,
    fields(UNDECODABLE),
  ),
  "an error with a retry delay": error("UNAVAILABLE", "redis is unavailable", UNAVAILABLE, retry(1)),
  "an internal error that reveals nothing": answer("INTERNAL", "internal error"),
};

for (const [description, valid] of Object.entries(VALID)) {
  Deno.test(`${description} follows the contract`, () => assert.deepEqual(answerFaults(register, valid), []));
}

const INVALID_ANSWERS: Readonly<Record<string, RawAnswer>> = {
  "a status that is not in the contract": error("NOT_FOUND", "no such user", info("USER_NOT_FOUND")),
  "no gRPC status": answer("HTTP 415", ""),
  "no request id": { ...answer("OK", "OK", result), trailers: new Metadata() },
  "a result without a message": answer("OK", "OK"),
  "a result with two messages": answer("OK", "OK", result, result),
  "a message that does not match its descriptor": answer("OK", "OK", new Uint8Array()),
  "an error without details": answer("ALREADY_EXISTS", "login: is taken"),
  "invalid details": answerWith(Uint8Array.of(0xff), "ALREADY_EXISTS", "login: is taken"),
  "a reason that is not in the contract": error("ALREADY_EXISTS", "login: is taken", info("NAME_TAKEN")),
  "a reason from another domain": error("ALREADY_EXISTS", "", info("LOGIN_TAKEN", "example.com")),
  "an invalid argument without field violations": error("INVALID_ARGUMENT", "", INVALID),
  "an empty list of field violations": error("INVALID_ARGUMENT", "", INVALID, fields()),
  "a violation of a field that does not exist": error(
    "INVALID_ARGUMENT",
    TWO_VIOLATIONS,
    INVALID,
    fields(UNKNOWN_FIELD),
  ),
  "a field violation that only the details name": error("INVALID_ARGUMENT", "no", INVALID, fields(LOGIN)),
  "no retry delay": error("UNAVAILABLE", "redis is unavailable", UNAVAILABLE),
  "a retry delay of zero": error("UNAVAILABLE", "redis is unavailable", UNAVAILABLE, retry(0)),
  "a detail that the contract does not list": error(
    "DEADLINE_EXCEEDED",
    "",
    info("DEADLINE_EXCEEDED"),
    retry(1),
  ),
  "a different message in the details": {
    ...error("ALREADY_EXISTS", "a", info("LOGIN_TAKEN")),
    details: "b",
  },
  "a different status in the details": {
    ...error("ALREADY_EXISTS", "a", info("LOGIN_TAKEN")),
    status: "UNAVAILABLE",
  },
  "an internal error that reveals its cause": answer("INTERNAL", "relation users does not exist"),
  "an internal error with details": error("INTERNAL", "internal error", info("INTERNAL")),
};

for (const [description, invalid] of Object.entries(INVALID_ANSWERS)) {
  Deno.test(`${description} violates the contract`, () => {
    assert.notDeepEqual(answerFaults(register, invalid), []);
  });
}

function describeMethod(service: string, name: string): ContractMethod {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  const method = registry.getService(service)?.methods.find((method) => method.name === name);
  assert.ok(method);
  const statuses = [{ name: "OK", reasons: [] }, ...documentedStatuses(method)];
  const { input, output } = method;
  return {
    name: `${service}/${name}`,
    path: `/${service}/${name}`,
    target: "",
    input,
    output,
    statuses,
    registry,
  };
}

function answer(status: string, details: string, ...messages: readonly Uint8Array[]): RawAnswer {
  const trailers = new Metadata();
  trailers.set("x-request-id", "r-1");
  return { status, details, trailers, messages };
}

function answerWith(encodedDetails: Uint8Array, status: string, details: string): RawAnswer {
  const withoutDetails = answer(status, details);
  withoutDetails.trailers.set("grpc-status-details-bin", Buffer.from(encodedDetails));
  return withoutDetails;
}

function error(status: keyof typeof Code, message: string, ...details: readonly Any[]): RawAnswer {
  const reported = RpcStatus.encode({ code: Code[status], message, details: [...details] });
  return answerWith(reported.finish(), status, message);
}

function info(reason: string, domain = "rocket-factory"): Any {
  return pack("ErrorInfo", ErrorInfo.encode({ reason, domain, metadata: {} }));
}

function fields(...violations: readonly { readonly field: string; readonly description: string }[]): Any {
  return pack("BadRequest", BadRequest.encode(BadRequest.fromPartial({ fieldViolations: [...violations] })));
}

function retry(seconds: number): Any {
  return pack("RetryInfo", RetryInfo.encode({ retryDelay: { seconds, nanos: 0 } }));
}

function pack(type: string, message: { finish(): Uint8Array }): Any {
  return { typeUrl: `type.googleapis.com/google.rpc.${type}`, value: Buffer.from(message.finish()) };
}
