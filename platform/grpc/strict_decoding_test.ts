import { RegisterRequest, UserService } from "@rocket/proto/iam";
import { InventoryService, ListPartsRequest, PartsFilter } from "@rocket/proto/inventory";
import assert from "node:assert/strict";
import { InvalidArgument } from "../core/failure.ts";
import { decodeStrictly, MAX_ELEMENTS } from "./strict_decoding.ts";

const { path, requestDeserialize } = UserService.register;
const decode = decodeStrictly(path, requestDeserialize);

const REQUEST = RegisterRequest.fromPartial({
  info: {
    info: {
      login: "ada",
      email: "ada@example.com",
      notificationMethods: [{ providerName: "push", target: "ü" }],
    },
    password: "correct horse",
  },
});

Deno.test("a message is decoded as it was encoded", () => {
  assert.deepEqual(decode(Buffer.from(RegisterRequest.encode(REQUEST).finish())), REQUEST);
});

Deno.test("unknown fields, as a newer contract may have, are ignored at every depth", () => {
  const unknown = [0xc0, 0x3e, 1, 0xc3, 0x3e, 0xc0, 0x3e, 1, 0xc4, 0x3e];
  assert.deepEqual(decode(within(1, within(1, unknown, unknown), unknown)), decode(within(1, within(1))));
});

Deno.test("a known field with another wire type is ignored", () => {
  assert.deepEqual(decode(Buffer.from([0x08, 5])), RegisterRequest.create());
});

const BROKEN: Readonly<Record<string, readonly number[]>> = {
  "a truncated field": [0x12, 0x7f, 0x41],
  "a negative length": [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  "an empty tag": [0x00],
  "a field with number 0": [0x02, 0x00],
  "an unknown wire type": [0x0f],
  "the end of a group that was not started": [0x0c],
  "a group without an end": [0xc3, 0x3e],
  "a group that ends with another number": [0xc3, 0x3e, 0xcc, 0x3e],
  "an endless number": Array(11).fill(0xff),
  "text that is not UTF-8": [0x12, 0x02, 0xc3, 0x28],
};

for (const [what, bytes] of Object.entries(BROKEN)) {
  Deno.test(`${what} is refused, and so is a message that contains it`, () => {
    assert.throws(() => decode(within(1, bytes)));
    // Followed by valid bytes, so that a decoder that reads on does not fail for another reason.
    assert.throws(() => decode(within(1, bytes, [0x12, 0x01, 0x41])));
    assert.throws(() => decode(within(1, within(1, bytes), [0x12, 0x01, 0x41])));
  });
}

Deno.test("a nested message that is longer than its parent is refused", () => {
  assert.throws(() => decode(Buffer.from([0x0a, 0x02, 0x0a, 0x03, 0xc0, 0x3e, 1])));
});

Deno.test("deeply nested groups are refused without exhausting the stack", () => {
  assert.throws(() => decode(Buffer.alloc(500_000, Buffer.from([0xc3, 0x3e]))));
});

Deno.test("a decoder for a method outside the contracts is refused", () => {
  assert.throws(
    () => decodeStrictly("/auth.v1.AuthService/Levitate", requestDeserialize),
    /Levitate is in no contract/,
  );
});

const listParts = decodeStrictly(
  InventoryService.listParts.path,
  InventoryService.listParts.requestDeserialize,
);

Deno.test("a repeated field may have 2,000 elements, and one more is refused by its path", () => {
  const most = PartsFilter.fromPartial({ tags: Array(MAX_ELEMENTS).fill("") });
  assert.equal(listParts(filtered(most)).filter?.tags.length, MAX_ELEMENTS);
  const tooMany = PartsFilter.fromPartial({
    names: ["drum"],
    categories: Array(MAX_ELEMENTS + 1).fill(-1),
    tags: [...most.tags, "tank"],
  });
  assert.throws(() => listParts(filtered(tooMany)), (error) => {
    assert.ok(error instanceof InvalidArgument);
    const message = "must have at most 2000 values";
    assert.deepEqual(error.violations, [{ field: "filter.categories", message }, {
      field: "filter.tags",
      message,
    }]);
    return true;
  });
});

Deno.test("elements are counted across all occurrences of a field and of the message around it", () => {
  const half = filtered(PartsFilter.fromPartial({ tags: Array(MAX_ELEMENTS / 2 + 1).fill("") }));
  assert.throws(() => listParts(Buffer.concat([half, half])), InvalidArgument);
  // Packed and unpacked elements may be mixed (protobuf.dev, "Encoding").
  const unpacked = Buffer.alloc(2 * MAX_ELEMENTS, Buffer.from([0x18, 1]));
  const mixed = Buffer.concat([unpacked, Buffer.from([0x1a, 1, 1])]);
  assert.throws(() => listParts(Buffer.concat([Buffer.from([0x0a, 0xa3, 0x1f]), mixed])), InvalidArgument);
});

Deno.test("a message that only repeats an empty element is refused", () => {
  const bytes = Buffer.concat([
    Buffer.from([0x0a, 0x80, 0x80, 0x04]),
    Buffer.alloc(64 * 1024, Buffer.from([0x2a, 0])),
  ]);
  assert.throws(() => listParts(bytes), InvalidArgument);
});

function filtered(filter: PartsFilter): Buffer {
  return Buffer.from(ListPartsRequest.encode({ filter }).finish());
}

/** Encodes a message with one field that contains these bytes. */
function within(field: number, ...parts: readonly (readonly number[] | Buffer)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([field << 3 | 2, content.length]), content]);
}
