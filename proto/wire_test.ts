import { BinaryWriter } from "@bufbuild/protobuf/wire";
import assert from "node:assert/strict";
import { Session } from "./iam.ts";
import { Category, Part, Value } from "./inventory.ts";

const categoryTag = 6 << 3;
const stockQuantityTag = 5 << 3;
const int64ValueTag = 2 << 3;

Deno.test("an unknown enum number survives a round trip", () => {
  const sent = new BinaryWriter().uint32(categoryTag).int32(99).finish();

  const part = Part.decode(sent);

  assert.equal(Category[part.category], undefined);
  assert.deepEqual(Part.encode(part).finish(), sent);
});

Deno.test("an unknown field is skipped, and the fields after it are read", () => {
  const sent = new BinaryWriter()
    .uint32(1000 << 3 | 2).string("from a newer version")
    .uint32(stockQuantityTag).int64(7)
    .finish();

  assert.equal(Part.decode(sent).stockQuantity, 7);
});

Deno.test("an int64 is read exactly up to the limits of a safe integer", () => {
  for (const quantity of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    const sent = new BinaryWriter().uint32(stockQuantityTag).int64(quantity).finish();
    assert.equal(Part.decode(sent).stockQuantity, quantity);
  }
});

Deno.test("an int64 beyond the safe integers is refused, never rounded", () => {
  for (const quantity of ["9007199254740992", "9223372036854775807", "-9007199254740992"]) {
    const part = new BinaryWriter().uint32(stockQuantityTag).int64(quantity).finish();
    const value = new BinaryWriter().uint32(int64ValueTag).int64(quantity).finish();
    assert.throws(() => Part.decode(part), /SAFE_INTEGER/);
    assert.throws(() => Value.decode(value), /SAFE_INTEGER/);
  }
});

Deno.test("a value keeps its kind, even if it is that kind's zero value", () => {
  const kinds: Value["kind"][] = [
    { $case: "stringValue", value: "" },
    { $case: "int64Value", value: 0 },
    { $case: "doubleValue", value: 0 },
    { $case: "boolValue", value: false },
    undefined,
  ];
  for (const kind of kinds) assert.deepEqual(Value.decode(Value.encode({ kind }).finish()), { kind });
});

Deno.test("a time keeps its milliseconds, and an unset one stays unset", () => {
  const createdAt = new Date("2026-02-03T04:05:06.789Z");

  const session = Session.decode(Session.encode(Session.fromPartial({ createdAt })).finish());

  assert.deepEqual(session.createdAt, createdAt);
  assert.equal(session.expiresAt, undefined);
});
