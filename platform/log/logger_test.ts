import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { runWithRequest } from "../core/request_context.ts";
import { captureLog } from "../testing/captured_log.ts";
import { createLogOutput } from "./logger.ts";

Deno.test("a line is one JSON object with time, level, service, message and fields", () => {
  const { log, lines, text } = captureLog();
  log.info({ user_uuid: "u" }, "session opened");
  const { time, ...rest } = lines[0] ?? {};
  assert.deepEqual(rest, { level: "info", service: "test", user_uuid: "u", msg: "session opened" });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(text().indexOf("\n"), text().length - 1);
});

Deno.test("every line logged within a request has its id, and other lines have none", async () => {
  const { log, lines } = captureLog();
  await runWithRequest({ requestId: "r-1", deadline: Infinity }, async () => {
    log.info("before");
    await Promise.resolve();
    log.info("after an await");
  });
  log.info("outside");
  assert.deepEqual(lines.map((line) => line.request_id), ["r-1", "r-1", undefined]);
});

Deno.test("a secret is redacted at every depth", () => {
  const { log, text } = captureLog();
  const keys = [
    ...["password", "passwordHash", "password_hash", "newPassword", "session_uuid", "sessionUuid"],
    ...["session-uuid", "X-Session-Uuid", "service_token", "authorization", "postgresUrl", "IAM_REDIS_URL"],
  ];
  for (const key of keys) {
    const secret = { [key]: "hush" };
    log.info({ ...secret, one: { ...secret, two: { ...secret, list: [secret] } } }, "event");
  }
  assert.ok(!text().includes("hush"), text());
  assert.equal(text().match(/\[secret\]/g)?.length, keys.length * 4);
});

Deno.test("a long string or list is truncated at any depth, with its length", () => {
  const { log, lines, text } = captureLog();
  const path = `/${"x".repeat(59_999)}`;
  const parts = Array.from({ length: 5_000 }, () => path);
  log.info({ path, one: { path }, parts, err: new Error(path) }, "request answered");
  const cut = `${path.slice(0, 1_024)}… (60000 characters)`;
  const [line] = lines;
  assert.deepEqual([line?.["path"], line?.["one"]], [cut, { path: cut }]);
  assert.deepEqual(line?.["parts"], [...Array(100).fill(cut), "and 4900 more"]);
  assert.ok(text().length < 150_000);
});

Deno.test("fields that are too deep, or circular, are left out", () => {
  const { log, text } = captureLog();
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  log.info({ circle }, "event");
  assert.match(text(), /"\[too deep\]"/);
});

Deno.test("an error is logged under any key, with its causes", () => {
  for (const key of ["err", "error"]) {
    const { log, lines } = captureLog();
    const cause = Object.assign(new TypeError("inner"), { code: "ECONNREFUSED" });
    log.error({ [key]: new Error("outer", { cause }) }, "event");
    const logged = lines[0]?.[key] as { stack: string; cause: { stack: string } };
    assert.match(logged.stack, /^Error: outer\n +at /);
    assert.match(logged.cause.stack, /^TypeError: inner\n +at /);
    assert.deepEqual({ ...logged, stack: "", cause: { ...logged.cause, stack: "" } }, {
      type: "Error",
      message: "outer",
      stack: "",
      cause: { type: "TypeError", message: "inner", code: "ECONNREFUSED", stack: "" },
    });
  }
});

Deno.test("an error passed alone is logged in the same form", () => {
  const { log, lines } = captureLog();
  log.error(Object.assign(new Error("outer"), { metadata: "hush" }));
  const { stack: _stack, ...logged } = lines[0]?.["err"] as Record<string, unknown>;
  assert.deepEqual(logged, { type: "Error", message: "outer" });
  assert.equal(lines[0]?.["msg"], "outer");
});

/** Formats a service's lines as for a terminal, without colours and times. */
function prettyLines(lines: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  let seen = "";
  const output = createLogOutput("pretty", () => {}, { write: (text) => void (seen += text) });
  for (const line of lines) output.write(JSON.stringify(line));
  return stripVTControlCharacters(seen).replaceAll(/^\[\d\d:\d\d:\d\d\.\d{3}\] /gm, "[time] ").split("\n");
}

Deno.test("the pretty format has one line per event: time, level, service, message, and all fields", () => {
  const { log, lines } = captureLog();
  log.info({ user_uuid: "u", parts: [1, 2] }, "parts reserved");
  log.warn("slow");
  assert.deepEqual(prettyLines(lines), [
    '[time] INFO: test: parts reserved {"user_uuid":"u","parts":[1,2]}',
    "[time] WARN: test: slow",
    "",
  ]);
});

Deno.test("the pretty format shows an error's stack indented below the line with the service", () => {
  const { log, lines } = captureLog();
  log.error({ err: new Error("outer") }, "background work failed");
  const [first, ...below] = prettyLines(lines);
  assert.equal(first?.trimEnd(), "[time] ERROR: test: background work failed");
  assert.match(below.join("\n"), /Error: outer\n +at /);
  for (const line of below) assert.match(line, /^$|^ {4}/);
});
