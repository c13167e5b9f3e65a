import { cents } from "@rocket/platform/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { Category, Part as PartMessage } from "@rocket/proto/inventory";
import { CATEGORIES, type MetadataValue, type Part } from "../model/part.ts";
import { parseCategory, toPartMessage } from "./part_message.ts";

const part: Part = {
  uuid: "0a0b0c0d-0000-4000-8000-000000000001",
  name: "Igniter plug",
  description: "A spark plug for cold starts.",
  price: cents(1_250),
  stockQuantity: 5_000,
  category: "ENGINE",
  dimensions: { length: 8, width: 2, height: 2, weight: 0.09 },
  manufacturer: {
    name: "Kestrel Propulsion",
    country: "Germany",
    website: "https://kestrel-propulsion.example.com",
  },
  tags: ["igniter", "consumable"],
  metadata: {
    thread: { type: "string", value: "M14x1.25" },
    starts: { type: "int64", value: 400 },
    gap_mm: { type: "double", value: 1 },
    resistor: { type: "bool", value: false },
  },
  createdAt: new Date("2026-01-02T03:04:05.678Z"),
  updatedAt: new Date("2026-02-03T04:05:06.789Z"),
};

Deno.test("a part is converted field by field, and survives the wire", () => {
  const message = toPartMessage(part);
  assert.deepEqual(message, {
    uuid: part.uuid,
    name: "Igniter plug",
    description: "A spark plug for cold starts.",
    price: 12.5,
    stockQuantity: 5_000,
    category: Category.CATEGORY_ENGINE,
    dimensions: { length: 8, width: 2, height: 2, weight: 0.09 },
    manufacturer: part.manufacturer,
    tags: ["igniter", "consumable"],
    metadata: {
      thread: { kind: { $case: "stringValue", value: "M14x1.25" } },
      starts: { kind: { $case: "int64Value", value: 400 } },
      gap_mm: { kind: { $case: "doubleValue", value: 1 } },
      resistor: { kind: { $case: "boolValue", value: false } },
    },
    createdAt: part.createdAt,
    updatedAt: part.updatedAt,
  });
  assert.deepEqual(PartMessage.decode(PartMessage.encode(message).finish()), message);
});

Deno.test("metadata of every type keeps its type and value on the wire", () => {
  const value: fc.Arbitrary<MetadataValue> = fc.oneof(
    fc.record({ type: fc.constant("string" as const), value: fc.string() }),
    fc.record({ type: fc.constant("int64" as const), value: fc.maxSafeInteger() }),
    fc.record({ type: fc.constant("double" as const), value: fc.double({ noNaN: true }) }),
    fc.record({ type: fc.constant("bool" as const), value: fc.boolean() }),
  );
  fc.assert(fc.property(value, (fact) => {
    const { metadata } = PartMessage.decode(
      PartMessage.encode(toPartMessage({ ...part, metadata: { fact } })).finish(),
    );
    const { $case, value } = metadata["fact"]?.kind ?? assert.fail("the value is missing");
    assert.deepEqual([$case, value], [`${fact.type}Value`, fact.value]);
  }));
});

Deno.test("each category survives the wire; other numbers are not categories", () => {
  for (const category of CATEGORIES) {
    assert.equal(parseCategory(toPartMessage({ ...part, category }).category), category);
  }
  for (const number of [0, 5, -1, 2 ** 31 - 1]) assert.equal(parseCategory(number), undefined);
});
