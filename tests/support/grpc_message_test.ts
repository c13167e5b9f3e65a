import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Category, Part } from "@rocket/proto/inventory";
import { descriptorSet } from "@rocket/proto/rpc";
import assert from "node:assert/strict";
import { messageFaults } from "./grpc_message.ts";

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

/** A part as it should be. */
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

Deno.test("a message that is whole has no faults", () => {
  assert.deepEqual(faultsOf(Part.encode(PART).finish()), []);
});

const STRAY: number = 99;

const BROKEN: readonly (readonly [string, Partial<Part>, string])[] = [
  ["a message field left out", { manufacturer: undefined }, "Part.manufacturer is not set"],
  ["a time left out", { createdAt: undefined }, "Part.created_at is not set"],
  ["no UUID where the name says so", { uuid: "" }, "Part.uuid is no UUID: "],
  ["an unspecified enum value", { category: 0 }, "Part.category is CATEGORY_UNSPECIFIED"],
  ["an enum value that there is not", { category: STRAY }, "Part.category is 99"],
  [
    "a oneof of which nothing is set",
    { metadata: { x: { kind: undefined } } },
    "Part.metadata[x].kind is not set",
  ],
];

for (const [what, changes, fault] of BROKEN) {
  Deno.test(`${what} is a fault`, () => {
    assert.deepEqual(faultsOf(Part.encode({ ...PART, ...changes }).finish()), [fault]);
  });
}

const BEHIND: Readonly<Record<string, BinaryWriter>> = {
  "a field that is not in the contract": new BinaryWriter().uint32(1000 << 3).uint32(1),
  "a time that there is not": new BinaryWriter().uint32(11 << 3 | 2).fork().uint32(2 << 3).int32(-1).join(),
  "text that is not UTF-8": new BinaryWriter().uint32(2 << 3 | 2).bytes(Uint8Array.of(0xff)),
  "a message that ends too soon": new BinaryWriter().uint32(2 << 3 | 2).uint32(5),
};

for (const [what, writer] of Object.entries(BEHIND)) {
  Deno.test(`${what} is a fault`, () => {
    assert.equal(faultsOf(Buffer.concat([Part.encode(PART).finish(), writer.finish()])).length, 1);
  });
}
