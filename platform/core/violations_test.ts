import assert from "node:assert/strict";
import { InvalidArgument } from "./failure.ts";
import { collectViolations, sentViolations } from "./violations.ts";

Deno.test("valid fields are returned unchanged", () => {
  const { finish } = collectViolations();
  assert.deepEqual(finish({ name: "wing", count: 0 }), { name: "wing", count: 0 });
});

Deno.test("every refused field is named, in order, with its rule", () => {
  const { refuse, finish } = collectViolations();
  const fields = { name: refuse("name", "must not be empty"), count: refuse("count", "must be 1 to 9") };
  assert.throws(
    () => finish(fields),
    new InvalidArgument([
      { field: "name", message: "must not be empty" },
      { field: "count", message: "must be 1 to 9" },
    ]),
  );
});

Deno.test("a missing field that was not refused is a TypeError", () => {
  assert.throws(() => collectViolations().finish({ name: undefined }), TypeError);
});

Deno.test("with thousands of violations, an answer names the first and counts the rest", () => {
  const violations = Array.from({ length: 5_000 }, (_, index) => ({
    field: `part_uuids[${index}]`,
    message: "must be a UUID",
  }));
  const sent = sentViolations(new InvalidArgument(violations));
  assert.deepEqual(sent.violations, violations.slice(0, sent.violations.length));
  assert.ok(sent.violations.length > 20);
  assert.ok(sent.message.length < 3_000);
  assert.match(sent.message, new RegExp(`; and ${5_000 - sent.violations.length} more$`));
});

Deno.test("a very long field name is truncated", () => {
  const message = "is not a known field";
  const sent = sentViolations(new InvalidArgument([{ field: "x".repeat(58_000), message }]));
  assert.equal(sent.message, `${"x".repeat(256)}…: ${message}`);
  assert.deepEqual(sent.violations, [{ field: `${"x".repeat(256)}…`, message }]);
});
