import assert from "node:assert/strict";
import { parseUuid } from "@rocket/platform/core";
import { CATEGORIES } from "../model/part.ts";
import { SEED_PARTS } from "./parts.ts";

Deno.test("the example parts have unique UUIDs and names", () => {
  assert.equal(SEED_PARTS.length, 40);
  assert.equal(new Set(SEED_PARTS.map(({ uuid }) => uuid)).size, 40);
  assert.equal(new Set(SEED_PARTS.map(({ name }) => name)).size, 40);
  for (const { uuid } of SEED_PARTS) assert.equal(parseUuid(uuid), uuid);
});

Deno.test("they cover all categories, and their metadata all types", () => {
  const perCategory = CATEGORIES.map((one) => SEED_PARTS.filter(({ category }) => category === one).length);
  assert.deepEqual(perCategory, [10, 10, 10, 10]);
  const types = new Set(
    SEED_PARTS.flatMap(({ metadata }) => Object.values(metadata).map(({ type }) => type)),
  );
  assert.deepEqual([...types].toSorted(), ["bool", "double", "int64", "string"]);
});

Deno.test("each is complete: it has a size, a weight, a price, tags and a manufacturer with a website", () => {
  for (const { name, description, price, dimensions, manufacturer, tags, metadata } of SEED_PARTS) {
    assert.ok(description.length > 20, name);
    assert.ok(price > 0, name);
    assert.ok(Object.values(dimensions).every((figure) => figure > 0), name);
    assert.match(manufacturer.website, /^https:\/\/[a-z-]+\.example\.com$/);
    assert.ok(tags.length > 0 && new Set(tags).size === tags.length, name);
    assert.ok(Object.keys(metadata).every((key) => /^[a-z_]+$/.test(key)), name);
  }
  assert.ok(new Set(SEED_PARTS.map(({ manufacturer }) => manufacturer.country)).size >= 5);
});

Deno.test("one is sold out, some nearly, and the first is cheap and plentiful", () => {
  const stocks = SEED_PARTS.map(({ stockQuantity }) => stockQuantity);
  assert.ok(stocks.includes(0));
  assert.ok(stocks.some((stock) => stock >= 1 && stock <= 3));
  const [first] = SEED_PARTS;
  assert.ok(first !== undefined && first.price < 10_000 && first.stockQuantity >= 1_000);
});
