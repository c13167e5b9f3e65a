import assert from "node:assert/strict";
import { toPart } from "./part_row.ts";

const row = {
  uuid: "0a0b0c0d-0000-4000-8000-000000000001",
  name: "Igniter plug",
  description: "A spark plug for cold starts.",
  price: "12.50",
  stock_quantity: "5000",
  category: "ENGINE",
  dimensions: { length: 8, width: 2, height: 2, weight: 0.09 },
  manufacturer: { name: "Kestrel", country: "Germany", website: "https://kestrel.example.com" },
  tags: ["igniter"],
  metadata: {
    starts: { type: "int64", value: 400 },
    gap_mm: { type: "double", value: 400 },
  },
  created_at: new Date("2026-01-02T03:04:05.678Z"),
  updated_at: new Date("2026-02-03T04:05:06.789Z"),
};

Deno.test("a row is parsed into a part, with its price to the cent and its metadata by type", () => {
  const { stock_quantity: _, created_at, updated_at, ...same } = row;
  assert.deepEqual(toPart(row), {
    ...same,
    price: 1_250,
    stockQuantity: 5_000,
    createdAt: created_at,
    updatedAt: updated_at,
  });
});

Deno.test("an invalid row is an error, never an incomplete part", () => {
  const broken: readonly Readonly<Record<string, unknown>>[] = [
    { ...row, price: "NaN" },
    { ...row, price: 12.5 },
    { ...row, stock_quantity: "9007199254740993" },
    { ...row, category: "SAIL" },
    { ...row, dimensions: { ...row.dimensions, weight: "heavy" } },
    { ...row, dimensions: {} },
    { ...row, manufacturer: { name: "Kestrel" } },
    { ...row, tags: [null] },
    { ...row, metadata: { starts: 400 } },
    { ...row, metadata: { starts: { type: "int64", value: 0.5 } } },
    { ...row, metadata: { starts: { type: "date", value: "2026-01-02" } } },
    {},
  ];
  for (const one of broken) assert.throws(() => toPart(one), JSON.stringify(one));
});
