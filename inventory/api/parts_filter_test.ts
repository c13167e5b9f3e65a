import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidArgument } from "@rocket/platform/core";
import { PartsFilter as FilterMessage } from "@rocket/proto/inventory";
import { MAX_FILTER_VALUES, parsePartsFilter } from "./parts_filter.ts";

const UUID = "0a0b0c0d-0000-4000-8000-000000000001";
const EMPTY = { uuids: [], names: [], categories: [], manufacturerCountries: [], tags: [] };

Deno.test("a missing filter is an empty filter", () => {
  assert.deepEqual(parsePartsFilter(undefined), EMPTY);
  assert.deepEqual(parsePartsFilter(FilterMessage.create()), EMPTY);
});

Deno.test("every field keeps its values in order, with UUIDs in lower case", () => {
  assert.deepEqual(
    parsePartsFilter({
      uuids: [UUID.toUpperCase(), UUID],
      names: ["b", "a", "b"],
      categories: [4, 1],
      manufacturerCountries: ["Norway"],
      tags: ["x"],
    }),
    {
      uuids: [UUID, UUID],
      names: ["b", "a", "b"],
      categories: ["WING", "ENGINE"],
      manufacturerCountries: ["Norway"],
      tags: ["x"],
    },
  );
});

Deno.test("strings are kept unchanged: empty, with spaces, with control characters", () => {
  const strings = ["", " ", "\0", "a\u0001\n", "🚀", "A\u030a"];
  const filter = parsePartsFilter({
    ...EMPTY,
    names: strings,
    manufacturerCountries: strings,
    tags: strings,
  });
  assert.deepEqual([filter.names, filter.manufacturerCountries, filter.tags], [strings, strings, strings]);
});

Deno.test("each field accepts the maximum number of values, and one more is refused with the field's name", () => {
  const VALUES: Readonly<Record<keyof typeof EMPTY, string | number>> = {
    uuids: UUID,
    names: "n",
    categories: 1,
    manufacturerCountries: "c",
    tags: "t",
  };
  for (const [field, value] of Object.entries(VALUES)) {
    const most = Array(MAX_FILTER_VALUES).fill(value);
    parsePartsFilter({ ...EMPTY, [field]: most });
    const name = field.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`);
    assert.deepEqual(violationsOf({ ...EMPTY, [field]: [...most, value] }), [
      { field: `filter.${name}`, message: "must have at most 1000 values" },
    ]);
  }
});

Deno.test("every invalid value is named by its path, next to any other values", () => {
  const value = fc.oneof(fc.constant(UUID), fc.constantFrom("", "x", `${UUID}0`, "\0", "🚀"));
  fc.assert(fc.property(fc.array(value), fc.array(fc.integer({ min: -2, max: 7 })), (uuids, categories) => {
    const expected = [
      ...uuids.flatMap((uuid, index) => uuid === UUID ? [] : [`filter.uuids[${index}]`]),
      ...categories.flatMap((n, index) => n >= 1 && n <= 4 ? [] : [`filter.categories[${index}]`]),
    ];
    assert.deepEqual(violationsOf({ ...EMPTY, uuids, categories }).map(({ field }) => field), expected);
  }));
});

function violationsOf(message: FilterMessage): InvalidArgument["violations"] {
  try {
    parsePartsFilter(message);
    return [];
  } catch (error) {
    if (error instanceof InvalidArgument) return error.violations;
    throw error;
  }
}
