import assert from "node:assert/strict";
import { HTTPException } from "hono/http-exception";
import {
  Aborted,
  AlreadyExists,
  DeadlineExceeded,
  FailedPrecondition,
  Failure,
  InvalidArgument,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unauthenticated,
  Unavailable,
  Unprocessable,
} from "../core/failure.ts";
import { createTestApp, type TestApp } from "../testing/http_app.ts";

const VIOLATIONS = [
  { field: "part_uuids[1]", message: "must be a UUID" },
  { field: "colour", message: "is not a known field" },
];

const TABLE: readonly (readonly [thrown: Error, status: number, message: string, more?: object])[] = [
  [
    new InvalidArgument(VIOLATIONS),
    400,
    "part_uuids[1]: must be a UUID; colour: is not a known field",
    { details: VIOLATIONS },
  ],
  [new Unauthenticated(), 401, "a valid session is required"],
  [
    new PermissionDenied("NOT_YOURS", "for the session's own user only"),
    403,
    "for the session's own user only",
  ],
  [new NotFound("ORDER_NOT_FOUND", "no such order"), 404, "no such order"],
  [new AlreadyExists("TAKEN", "it is taken"), 409, "it is taken"],
  [new FailedPrecondition("TOO_LITTLE_STOCK", "too little stock"), 409, "too little stock"],
  [new Aborted("UNDER_WAY", "it is under way"), 409, "it is under way", { retryAfter: "1" }],
  [new Unprocessable("KEY_REUSED", "with another body"), 422, "with another body"],
  [new ResourceExhausted("QUEUE_FULL", "too many at once", 3), 429, "too many at once", { retryAfter: "3" }],
  [new Unavailable("iam"), 503, "iam is unavailable", { retryAfter: "1" }],
  [new DeadlineExceeded("iam"), 504, "iam did not answer in time"],
  [new HTTPException(415, { message: "send JSON" }), 415, "send JSON"],
  [new HTTPException(413), 413, "Payload Too Large"],
];

for (const [thrown, status, message, more = {}] of TABLE) {
  Deno.test(`${thrown.name} (${message}) is answered ${status}`, async () => {
    const { app, response, body } = await answerTo(thrown);
    assert.equal(response.status, status);
    assert.match(response.headers.get("Content-Type") ?? "", /^application\/json\b/);
    assert.match(response.headers.get("X-Request-Id") ?? "", /^[0-9a-f-]{36}$/);
    const sent = { retryAfter: response.headers.get("Retry-After") ?? undefined, details: body.details };
    const expected = { retryAfter: undefined, details: undefined, ...more };
    assert.deepEqual(sent, expected);
    const { details: _details, ...rest } = body;
    assert.deepEqual(rest, { code: status, message, reason: reasonOf(thrown, status) });
    assert.equal(app.captured.lines.at(-1)?.["status"], status);
  });
}

for (
  const [name, thrown] of [
    ["an unknown error", new TypeError("password hunter2 is wrong")],
    [
      "a service's gRPC error",
      Object.assign(new Error("5 NOT_FOUND: hunter2"), { code: 5, metadata: "hunter2" }),
    ],
    ["an HTTPException for an internal error", new HTTPException(500, { message: "hunter2" })],
    ["a thrown string", "hunter2"],
    ["a thrown undefined", undefined],
  ] as const
) {
  Deno.test(`${name} is logged with the request's id, and answered with a bare 500`, async () => {
    const { app, response, body } = await answerTo(thrown);
    assert.equal(response.status, 500);
    assert.deepEqual(body, { code: 500, message: "internal error", reason: "INTERNAL" });
    const [fault, line, ...others] = app.captured.lines;
    assert.deepEqual(others, []);
    assert.deepEqual([fault?.["level"], fault?.["msg"]], ["error", "request faulted"]);
    assert.equal(fault?.["request_id"], response.headers.get("X-Request-Id"));
    assert.deepEqual([line?.["msg"], line?.["status"]], ["request answered", 500]);
    if (thrown !== undefined) assert.match(JSON.stringify(fault), /hunter2/);
    assert.ok(!JSON.stringify(fault).includes("metadata"));
  });
}

Deno.test("the cause of a dependency's failure is logged, but not sent", async () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 10.0.0.7:6379"), { code: "ECONNREFUSED" });
  const { app, body } = await answerTo(new Unavailable("redis", { cause }));
  assert.ok(!JSON.stringify(body).includes("10.0.0.7"));
  assert.match(app.captured.text(), /"level":"warn".*10\.0\.0\.7.*"msg":"request failed"/);
});

Deno.test("an exception's own headers are sent, but not its body and media type", async () => {
  const res = new Response("teapot", {
    headers: { "WWW-Authenticate": "Tea", "Content-Type": "text/plain" },
  });
  const { response, body } = await answerTo(new HTTPException(401, { message: "no", res }));
  assert.equal(response.headers.get("WWW-Authenticate"), "Tea");
  assert.match(response.headers.get("Content-Type") ?? "", /^application\/json\b/);
  assert.deepEqual(body, { code: 401, message: "no", reason: "UNAUTHORIZED" });
});

Deno.test("a path without a route is answered with 404 and an error body", async () => {
  const { app } = createTestApp();
  for (const path of ["/nothing", "/%", "/%E0%A4%A", "/a/../../b"]) {
    const response = await app.request(path);
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), {
      code: 404,
      message: "no such route",
      reason: "NO_SUCH_ROUTE",
    });
    assert.notEqual(response.headers.get("X-Request-Id"), null);
  }
});

/** The failure's own reason, or the status phrase. */
function reasonOf(thrown: Error, status: number): string {
  if (thrown instanceof Failure) return thrown.reason;
  return { 413: "PAYLOAD_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE" }[status] ?? "";
}

async function answerTo(thrown: unknown): Promise<{
  readonly app: TestApp;
  readonly response: Response;
  readonly body: Record<string, unknown>;
}> {
  const app = createTestApp();
  app.app.get("/", () => {
    throw thrown;
  });
  const response = await app.app.request("/");
  return { app, response, body: await response.json() };
}
