import assert from "node:assert/strict";
import { Metadata, status } from "@grpc/grpc-js";
import { Unavailable } from "../core/failure.ts";
import { errorFields } from "./error_fields.ts";

const SESSION = "3f8e1c52-0c1e-4d8a-9a51-7f2b6f0d9c11";

Deno.test("a gRPC error shows its status, but not its metadata or the session in it", () => {
  const metadata = new Metadata();
  metadata.set("session-uuid", SESSION);
  const error = Object.assign(new Error("14 UNAVAILABLE: Connection dropped"), {
    code: status.UNAVAILABLE,
    details: "Connection dropped",
    metadata,
  });
  assertShown(new Unavailable("iam", { cause: error }), {
    type: "Unavailable",
    message: "iam is unavailable",
    cause: { type: "Error", message: "14 UNAVAILABLE: Connection dropped", code: 14 },
  }, [SESSION]);
});

Deno.test("a database error shows its SQLSTATE, but not the row", () => {
  const error = Object.assign(new Error('duplicate key value violates unique constraint "users_login_key"'), {
    name: "PostgresError",
    code: "23505",
    detail: "Key (login)=(ripley) already exists.",
    query: "insert into users",
    parameters: ["ripley", "$argon2id$"],
    args: ["ripley", "$argon2id$"],
  });
  const message = 'duplicate key value violates unique constraint "users_login_key"';
  assertShown(error, { type: "PostgresError", message, code: "23505" }, ["ripley", "argon2id"]);
});

Deno.test("a Redis error shows the reply, but not the command", () => {
  const error = Object.assign(new Error("WRONGPASS invalid password"), {
    name: "ReplyError",
    command: { name: "auth", args: ["hush"] },
  });
  assertShown(error, { type: "ReplyError", message: "WRONGPASS invalid password" }, ["hush"]);
});

Deno.test("an AggregateError shows its errors", () => {
  const error = new AggregateError([new TypeError("one"), "two"], "both");
  assertShown(error, {
    type: "AggregateError",
    message: "both",
    errors: [{ type: "TypeError", message: "one" }, { type: "string", message: "two" }],
  });
});

Deno.test("a thrown object that is not an Error is not shown", () => {
  assertShown({ password: "hush" }, { type: "object", message: "not an Error" }, ["hush"]);
  assertShown(undefined, { type: "undefined", message: "undefined" });
});

Deno.test("a circular chain of causes is cut short", () => {
  const error = new Error("again");
  error.cause = error;
  assert.ok(JSON.stringify(errorFields(error)).length < 20_000);
});

function assertShown(thrown: unknown, expected: object, hidden: readonly string[] = []): void {
  const text = JSON.stringify(errorFields(thrown));
  assert.deepEqual(JSON.parse(text, (key, value) => key === "stack" ? undefined : value), expected);
  for (const secret of hidden) assert.ok(!text.includes(secret), text);
}
