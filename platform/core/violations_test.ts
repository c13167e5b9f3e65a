import assert from "node:assert/strict";
import { InvalidArgument } from "./failure.ts";
import { collectViolations } from "./violations.ts";

Deno.test("fields that keep their rules are given as they are", () => {
  const { finish } = collectViolations();
  assert.deepEqual(finish({ name: "wing", count: 0 }), { name: "wing", count: 0 });
});

Deno.test("every field that was refused is named, in order, with its rule", () => {
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

Deno.test("a field that is missing without having been refused is a fault", () => {
  assert.throws(() => collectViolations().finish({ name: undefined }), TypeError);
});
