import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Category, Part } from "@rocket/proto/inventory";
import { descriptorSet } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { messageFaults } from "./grpc_message.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

/** A valid part. */
const PART: Part = Part.fromPartial({
  uuid: crypto.randomUUID(),
  category: Category.CATEGORY_WING,
  dimensions: {},
  manufacturer: {},
  tags: ["", "x"],
  metadata: { colour: { kind: { $case: "stringValue", value: "" } } },
  createdAt: new Date(0),
  updatedAt: new Date(),
});

function faultsOf(bytes: Uint8Array): readonly string[] {
  const part = registry.getMessage("inventory.v1.Part");
  assert.ok(part);
  return messageFaults(part, bytes, registry);
}

Deno.test("a complete message has no faults", () => {
  assert.deepEqual(faultsOf(Part.encode(PART).finish()), []);
});

const UNKNOWN_VALUE: number = 99;

const BROKEN: readonly (readonly [string, Partial<Part>, string])[] = [
  ["a missing message field", { manufacturer: undefined }, "Part.manufacturer is not set"],
  ["a missing timestamp", { createdAt: undefined }, "Part.created_at is not set"],
  ["an invalid UUID", { uuid: "" }, "Part.uuid is not a UUID: "],
  ["an unspecified enum value", { category: 0 }, "Part.category is CATEGORY_UNSPECIFIED"],
  ["an unknown enum value", { category: UNKNOWN_VALUE }, "Part.category is 99"],
  [
    "an unset oneof",
    { metadata: { x: { kind: undefined } } },
    "Part.metadata[x].kind is not set",
  ],
];

for (const [description, changes, fault] of BROKEN) {
  Deno.test(`${description} is a fault`, () => {
    assert.deepEqual(faultsOf(Part.encode({ ...PART, ...changes }).finish()), [fault]);
  });
}

/** Appended to a valid message. */
const BROKEN_BYTES: Readonly<Record<string, BinaryWriter>> = {
  "a field that is not in the contract": new BinaryWriter().uint32(1000 << 3).uint32(1),
  "a timestamp out of range": new BinaryWriter().uint32(11 << 3 | 2).fork().uint32(2 << 3).int32(-1).join(),
  "text that is not UTF-8": new BinaryWriter().uint32(2 << 3 | 2).bytes(Uint8Array.of(0xff)),
  "a truncated message": new BinaryWriter().uint32(2 << 3 | 2).uint32(5),
};

for (const [description, writer] of Object.entries(BROKEN_BYTES)) {
  Deno.test(`${description} is a fault`, () => {
    assert.equal(faultsOf(Buffer.concat([Part.encode(PART).finish(), writer.finish()])).length, 1);
  });
}
