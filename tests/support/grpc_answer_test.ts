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
const NO_FIELD = { field: "info.info.phone", description: "is too short" };
const WHOLE = { field: "message", description: "is none" };
const INVALID = info("INVALID_ARGUMENT");
const AWAY = info("DEPENDENCY_UNAVAILABLE");
const BOTH_TOLD = "info.info.login: is too short; info.info.notification_methods[1].target: is empty";

const KEPT: Readonly<Record<string, RawAnswer>> = {
  "a result": answer("OK", "OK", result),
  "an error with its reason": error("ALREADY_EXISTS", "login: is taken", info("LOGIN_TAKEN")),
  "an error that names fields": error("INVALID_ARGUMENT", BOTH_TOLD, INVALID, fields(LOGIN, TARGET)),
  "an error of bytes that are no message": error(
    "INVALID_ARGUMENT",
    "message: is none",
    INVALID,
    fields(WHOLE),
  ),
  "an error that says when to come back": error("UNAVAILABLE", "redis is away", AWAY, retry(1)),
  "a fault that tells nothing": answer("INTERNAL", "internal error"),
};

for (const [what, kept] of Object.entries(KEPT)) {
  Deno.test(`${what} keeps the contract`, () => assert.deepEqual(answerFaults(register, kept), []));
}

const BROKEN: Readonly<Record<string, RawAnswer>> = {
  "a status that is not in the contract": error("NOT_FOUND", "no such user", info("USER_NOT_FOUND")),
  "no gRPC status at all": answer("HTTP 415", ""),
  "no request id": { ...answer("OK", "OK", result), trailers: new Metadata() },
  "a result without a message": answer("OK", "OK"),
  "a result of two messages": answer("OK", "OK", result, result),
  "a message that breaks its descriptor": answer("OK", "OK", new Uint8Array()),
  "an error without details": answer("ALREADY_EXISTS", "login: is taken"),
  "invalid details": answerWith(Uint8Array.of(0xff), "ALREADY_EXISTS", "login: is taken"),
  "a reason that is not in the contract": error("ALREADY_EXISTS", "login: is taken", info("NAME_TAKEN")),
  "a reason of another domain": error("ALREADY_EXISTS", "", info("LOGIN_TAKEN", "example.com")),
  "broken fields that are not named": error("INVALID_ARGUMENT", "", INVALID),
  "a list of broken fields that is empty": error("INVALID_ARGUMENT", "", INVALID, fields()),
  "a broken field that there is not": error("INVALID_ARGUMENT", BOTH_TOLD, INVALID, fields(NO_FIELD)),
  "a broken field that only the details name": error("INVALID_ARGUMENT", "no", INVALID, fields(LOGIN)),
  "no word of when to come back": error("UNAVAILABLE", "redis is away", AWAY),
  "no time at all to wait": error("UNAVAILABLE", "redis is away", AWAY, retry(0)),
  "more details than the contract has": error("DEADLINE_EXCEEDED", "", info("DEADLINE_EXCEEDED"), retry(1)),
  "another message in the details": { ...error("ALREADY_EXISTS", "a", info("LOGIN_TAKEN")), details: "b" },
  "another status in the details": {
    ...error("ALREADY_EXISTS", "a", info("LOGIN_TAKEN")),
    status: "UNAVAILABLE",
  },
  "a fault that is revealed": answer("INTERNAL", "relation users does not exist"),
  "a fault with details": error("INTERNAL", "internal error", info("INTERNAL")),
};

for (const [what, broken] of Object.entries(BROKEN)) {
  Deno.test(`${what} breaks the contract`, () => assert.notDeepEqual(answerFaults(register, broken), []));
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
  const bare = answer(status, details);
  bare.trailers.set("grpc-status-details-bin", Buffer.from(encodedDetails));
  return bare;
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
