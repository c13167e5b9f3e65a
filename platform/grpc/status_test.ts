import assert from "node:assert/strict";
import { Metadata, status as Code } from "@grpc/grpc-js";
import { BadRequest, ErrorInfo, RetryInfo, RpcStatus } from "@rocket/proto/rpc";
import {
  Aborted,
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  type Failure,
  type FailureKind,
  InvalidArgument,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unprocessable,
} from "../core/failure.ts";
import { captureLog } from "../testing/captured_log.ts";
import { serveEcho } from "../testing/echo_service.ts";
import { DETAILS_KEY, ERROR_DOMAIN, toGrpcStatus } from "./status.ts";
import { readErrorDetails } from "./status_details.ts";

const VIOLATIONS = [
  { field: "info.login", message: "must be 3 to 64 characters" },
  { field: "info.methods[0].target", message: "must not be empty" },
];

const TABLE: Readonly<
  Record<FailureKind, {
    readonly failure: Failure;
    readonly code: Code;
    readonly message: string;
    readonly reason: string;
    readonly retryAfterSeconds?: number;
    readonly violations?: typeof VIOLATIONS;
  }>
> = {
  invalid_argument: {
    failure: new InvalidArgument(VIOLATIONS),
    code: Code.INVALID_ARGUMENT,
    message: "info.login: must be 3 to 64 characters; info.methods[0].target: must not be empty",
    reason: "INVALID_ARGUMENT",
    violations: VIOLATIONS,
  },
  unauthenticated: {
    failure: new Unauthenticated(),
    code: Code.UNAUTHENTICATED,
    message: "a valid session is required",
    reason: "SESSION_INVALID",
  },
  permission_denied: {
    failure: new PermissionDenied("SERVICES_ONLY", "only services may call this"),
    code: Code.PERMISSION_DENIED,
    message: "only services may call this",
    reason: "SERVICES_ONLY",
  },
  not_found: {
    failure: new NotFound("PART_NOT_FOUND", "part 7 does not exist – really"),
    code: Code.NOT_FOUND,
    message: "part 7 does not exist – really",
    reason: "PART_NOT_FOUND",
  },
  already_exists: {
    failure: new AlreadyExists("LOGIN_TAKEN", "this login is taken"),
    code: Code.ALREADY_EXISTS,
    message: "this login is taken",
    reason: "LOGIN_TAKEN",
  },
  failed_precondition: {
    failure: new FailedPrecondition("ORDER_PAID", "the order is paid"),
    code: Code.FAILED_PRECONDITION,
    message: "the order is paid",
    reason: "ORDER_PAID",
  },
  aborted: {
    failure: new Aborted("PAYMENT_UNDER_WAY", "a payment is in progress"),
    code: Code.ABORTED,
    message: "a payment is in progress",
    reason: "PAYMENT_UNDER_WAY",
    retryAfterSeconds: 1,
  },
  unprocessable: {
    failure: new Unprocessable("PARTS_NOT_FOUND", "part 7 does not exist"),
    code: Code.FAILED_PRECONDITION,
    message: "part 7 does not exist",
    reason: "PARTS_NOT_FOUND",
  },
  resource_exhausted: {
    failure: new ResourceExhausted("QUEUE_FULL", "too many logins at once", 3),
    code: Code.RESOURCE_EXHAUSTED,
    message: "too many logins at once",
    reason: "QUEUE_FULL",
    retryAfterSeconds: 3,
  },
  unavailable: {
    failure: new Unavailable("redis"),
    code: Code.UNAVAILABLE,
    message: "redis is unavailable",
    reason: "DEPENDENCY_UNAVAILABLE",
    retryAfterSeconds: 1,
  },
  deadline_exceeded: {
    failure: new DeadlineExceeded("postgres"),
    code: Code.DEADLINE_EXCEEDED,
    message: "postgres did not answer in time",
    reason: "DEADLINE_EXCEEDED",
  },
};

for (const { failure, code, message, reason, retryAfterSeconds, violations = [] } of Object.values(TABLE)) {
  Deno.test(`${failure.name} is mapped to ${Code[code]}, with its details`, async () => {
    await using peer = await serveEcho(() => Promise.reject(failure));
    const outcome = await peer.client.login({ login: "", password: "" });
    assert.equal(Code[outcome.code], Code[code]);
    assert.equal(outcome.details, message);

    const [encoded] = outcome.trailers.get(DETAILS_KEY);
    assert.ok(encoded instanceof Uint8Array);
    const status = RpcStatus.decode(encoded);
    assert.deepEqual([status.code, status.message], [code, message]);
    const details = new Map(status.details.map(({ typeUrl, value }) => [typeUrl, value]));
    assert.deepEqual([...details.keys()], [
      "type.googleapis.com/google.rpc.ErrorInfo",
      ...(violations.length > 0 ? ["type.googleapis.com/google.rpc.BadRequest"] : []),
      ...(retryAfterSeconds !== undefined ? ["type.googleapis.com/google.rpc.RetryInfo"] : []),
    ]);
    const info = ErrorInfo.decode(
      details.get("type.googleapis.com/google.rpc.ErrorInfo") ?? new Uint8Array(),
    );
    assert.deepEqual([info.reason, info.domain], [reason, ERROR_DOMAIN]);
    const badRequest = details.get("type.googleapis.com/google.rpc.BadRequest");
    if (badRequest) {
      const sent = BadRequest.decode(badRequest).fieldViolations;
      assert.deepEqual(sent.map(({ field, description }) => ({ field, message: description })), violations);
    }
    const retry = details.get("type.googleapis.com/google.rpc.RetryInfo");
    if (retry) assert.equal(RetryInfo.decode(retry).retryDelay?.seconds, retryAfterSeconds);

    // We can also decode what we encode.
    const read = readErrorDetails(outcome.trailers);
    assert.deepEqual(
      [read.info?.reason, read.violations, read.retryAfterSeconds],
      [reason, violations, retryAfterSeconds],
    );
  });
}

Deno.test("of thousands of violations, those that fit into headers are sent and the rest are counted", async () => {
  const violations = Array.from({ length: 5_000 }, (_, index) => ({
    field: `filter.uuids[${index}]`,
    message: "must be a UUID",
  }));
  await using peer = await serveEcho(() => Promise.reject(new InvalidArgument(violations)));
  const { code, details, trailers } = await peer.client.login({
    login: "",
    password: "",
  });
  assert.equal(Code[code], "INVALID_ARGUMENT");
  const sent = readErrorDetails(trailers).violations;
  assert.deepEqual(sent, violations.slice(0, sent.length));
  assert.ok(sent.length >= 50);
  assert.match(
    details,
    new RegExp(`^filter\\.uuids\\[0\\]: must be a UUID; .*; and ${5_000 - sent.length} more$`),
  );
  const [encoded] = trailers.get(DETAILS_KEY);
  assert.ok(details.length + (encoded?.length ?? 0) * 4 / 3 < 8_000);
});

Deno.test("a service's own failure class has the status of the class it extends", () => {
  class PartNotFound extends NotFound {
    constructor() {
      super("PART_NOT_FOUND", "no such part");
    }
  }
  assert.equal(toGrpcStatus(new PartNotFound(), captureLog().log).code, Code.NOT_FOUND);
});

for (
  const [name, thrown] of [
    ["an unknown error", new TypeError("password hunter2 is wrong")],
    [
      "an error from another service",
      Object.assign(new Error("5 NOT_FOUND: hunter2"), { code: 5, details: "hunter2" }),
    ],
    ["a thrown string", "hunter2"],
    ["a thrown undefined", undefined],
  ] as const
) {
  Deno.test(`${name} is logged, and sent as INTERNAL without details`, async () => {
    await using peer = await serveEcho(() => Promise.reject(thrown));
    const { code, details, trailers } = await peer.client.login({
      login: "",
      password: "",
    });
    assert.equal(Code[code], "INTERNAL");
    assert.equal(details, "internal error");
    assert.ok(!JSON.stringify(trailers.toJSON()).includes("hunter2"));
    const faults = peer.captured.lines.filter((line) => line["level"] === "error");
    assert.equal(faults.length, 1);
    assert.match(JSON.stringify(faults[0]), /"msg":"call faulted"/);
    assert.deepEqual(faults[0]?.["request_id"], trailers.get("x-request-id")[0]);
    if (thrown instanceof Error) assert.match(JSON.stringify(faults[0]), /hunter2.*stack/);
  });
}

Deno.test("the cause of a dependency's failure is logged with the request id, and not sent", async () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:6379"), { code: "ECONNREFUSED" });
  await using peer = await serveEcho(() => Promise.reject(new Unavailable("redis", { cause })));
  const outcome = await peer.client.login({ login: "", password: "" });
  assert.ok(!JSON.stringify([outcome.details, outcome.trailers.toJSON()]).includes("10.0.0.7"));
  const [warning] = peer.captured.lines.filter((line) => line["level"] === "warn");
  assert.match(JSON.stringify(warning), /10\.0\.0\.7/);
  assert.equal(warning?.["request_id"], outcome.trailers.get("x-request-id")[0]);
});

Deno.test("details that can't be decoded are ignored", () => {
  for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), Buffer.alloc(0), Buffer.from("not protobuf")]) {
    const metadata = new Metadata();
    metadata.set(DETAILS_KEY, bytes);
    assert.deepEqual(readErrorDetails(metadata), { violations: [] });
  }
  assert.deepEqual(readErrorDetails(new Metadata()), { violations: [] });
});

Deno.test("details of an unknown type are ignored, and the others are read", () => {
  const metadata = new Metadata();
  const details = [
    { typeUrl: "type.googleapis.com/google.rpc.Help", value: Buffer.from([1]) },
    {
      typeUrl: "type.googleapis.com/google.rpc.ErrorInfo",
      value: Buffer.from(ErrorInfo.encode({ reason: "R", domain: "d", metadata: {} }).finish()),
    },
  ];
  metadata.set(DETAILS_KEY, Buffer.from(RpcStatus.encode({ code: 5, message: "", details }).finish()));
  assert.equal(readErrorDetails(metadata).info?.reason, "R");
});
