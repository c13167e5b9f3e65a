import assert from "node:assert/strict";
import fc from "fast-check";
import { Category, type Part, type PartsFilter } from "@rocket/proto/inventory";
import { AWKWARD_PARTS, AWKWARD_STRINGS, storeAllParts } from "./awkward_parts.ts";
import { startInventoryAlone } from "./inventory_alone.ts";

const IGNITER = "e0000000-0000-4000-8000-000000000001";
const CUPOLA = "b0000000-0000-4000-8000-000000000003";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

/** Filters, each with the names of the example parts that it finds. */
const TABLE: readonly (readonly [string, Partial<PartsFilter>, readonly string[]])[] = [
  ["one UUID", { uuids: [IGNITER] }, ["Igniter plug"]],
  ["a UUID in capital letters", { uuids: [IGNITER.toUpperCase()] }, ["Igniter plug"]],
  ["two UUIDs, in the order of names", { uuids: [IGNITER, CUPOLA] }, ["Cupola C-7", "Igniter plug"]],
  ["a UUID twice", { uuids: [IGNITER, IGNITER] }, ["Igniter plug"]],
  ["a known UUID and an unknown one", { uuids: [UNKNOWN, IGNITER] }, ["Igniter plug"]],
  ["an unknown UUID", { uuids: [UNKNOWN] }, []],
  ["two names", { names: ["Igniter plug", "Cupola C-7"] }, ["Cupola C-7", "Igniter plug"]],
  ["a name in another case", { names: ["igniter plug"] }, []],
  ["part of a name", { names: ["Igniter"] }, []],
  ["an empty name", { names: [""] }, []],
  ["a country", { manufacturerCountries: ["Argentina"], tags: ["tank"] }, ["Composite tank PT-1"]],
  ["a country in another case", { manufacturerCountries: ["argentina"] }, []],
  ["any of two tags", { tags: ["nuclear", "luxury"] }, ["Cupola C-7", "Nuclear tug reactor N-0"]],
  ["a tag in another case", { tags: ["Nuclear"] }, []],
  ["a category and a tag", { categories: [Category.CATEGORY_ENGINE], tags: ["spare"] }, [
    "Baikal B-14 nozzle",
    "Turbopump TP-70",
  ]],
  ["fields that contradict each other", { uuids: [IGNITER], names: ["Cupola C-7"] }, []],
  ["all fields", {
    uuids: [IGNITER, CUPOLA],
    names: ["Cupola C-7", "Elevon E-9"],
    categories: [Category.CATEGORY_PORTHOLE, Category.CATEGORY_WING],
    manufacturerCountries: ["Japan", "France"],
    tags: ["crew", "control-surface"],
  }, ["Cupola C-7"]],
  ["nothing but U+0000", { names: ["\0"] }, []],
  ["U+0000 and a valid name", { names: ["Igniter plug\0", "Igniter plug"] }, ["Igniter plug"]],
  ["U+0000 in a country and in a tag", { manufacturerCountries: ["Jap\0an"], tags: ["\0crew"] }, []],
];

Deno.test("ListParts returns the parts that match the filter", async (t) => {
  await using inventory = await startInventoryAlone();
  const { system, sql } = inventory;
  const stored = await storeAllParts(system.variable("INVENTORY_POSTGRES_URL"));
  const all = await inventory.listParts();
  const namesOf = (parts: readonly Part[]) => parts.map(({ name }) => name);
  const uuidsOf = (parts: readonly { readonly uuid: string }[]) => parts.map(({ uuid }) => uuid);

  await t.step("an empty or missing filter lists every part once", async () => {
    assert.deepEqual(uuidsOf(all).toSorted(), uuidsOf(stored).toSorted());
    assert.deepEqual(await inventory.listParts(), all);
  });

  await t.step(
    "parts are sorted by name, by code points, and then by UUID",
    () => {
      assert.deepEqual(all, all.toSorted(byNameAndUuid));
      assert.equal(all.filter(({ name }) => name === "🚀").length, 2);
    },
  );

  for (const [what, filter, names] of TABLE) {
    await t.step(`${what}: ${names.join(", ") || "nothing"}`, async () => {
      assert.deepEqual(namesOf(await inventory.listParts(filter)), names);
    });
  }

  await t.step("each part has one category, and the four categories together list all parts", async () => {
    const categories = [1, 2, 3, 4] as const;
    const lists = await Promise.all(categories.map((one) => inventory.listParts({ categories: [one] })));
    assert.ok(lists.every((parts, index) => parts.every(({ category }) => category === index + 1)));
    assert.deepEqual(lists.flat().toSorted(byNameAndUuid), all);
    assert.deepEqual(await inventory.listParts({ categories: [...categories] }), all);
  });

  await t.step("SQL in a filter is treated as plain text", async () => {
    for (const text of AWKWARD_STRINGS) {
      const named = uuidsOf(AWKWARD_PARTS.filter(({ name }) => name === text)).toSorted();
      const tagged = uuidsOf(AWKWARD_PARTS.filter(({ tags }) => tags.includes(text))).toSorted();
      assert.deepEqual(uuidsOf(await inventory.listParts({ names: [text] })), named, text);
      assert.deepEqual(uuidsOf(await inventory.listParts({ manufacturerCountries: [text] })), named, text);
      assert.deepEqual(uuidsOf(await inventory.listParts({ tags: [text] })), tagged, text);
    }
    const [row] = await sql<{ count: number }[]>`select count(*)::int from parts`;
    assert.equal(row?.count, stored.length);
  });

  await t.step("a thousand values work like one", async () => {
    const thousand = [IGNITER, ...Array.from({ length: 999 }, () => crypto.randomUUID())];
    assert.deepEqual(namesOf(await inventory.listParts({ uuids: thousand })), ["Igniter plug"]);
  });

  await t.step("any filter finds the parts that match by definition", async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter(all), async (filter) => {
        const found = await inventory.listParts(filter);
        assert.deepEqual(namesOf(found), namesOf(all.filter((part) => matchesFilter(part, filter))));
      }),
      { numRuns: 300 },
    );
  });
});

/** The definition: a part matches if it has one of the values of every non-empty field. */
function matchesFilter(
  part: Part,
  { uuids, names, categories, manufacturerCountries, tags }: PartsFilter,
): boolean {
  const isAnyOf = <T>(values: readonly T[], isEqual: (value: T) => boolean) =>
    values.length === 0 || values.some(isEqual);
  return isAnyOf(uuids, (uuid) => uuid.toLowerCase() === part.uuid) &&
    isAnyOf(names, (name) => name === part.name) &&
    isAnyOf(categories, (category) => category === part.category) &&
    isAnyOf(manufacturerCountries, (country) => country === part.manufacturer?.country) &&
    isAnyOf(tags, (tag) => part.tags.includes(tag));
}

/** Generates filters that often match: most of their values belong to one part, or almost do. */
function anyFilter(parts: readonly Part[]): fc.Arbitrary<PartsFilter> {
  const few = { maxLength: 4 };
  const valuesOf = <T>(known: readonly T[], other: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 6 }, { arbitrary: other, weight: 1 });
  const texts = (known: readonly string[]) => {
    const near = fc.constantFrom(...known).chain((text) =>
      fc.constantFrom(text.toUpperCase(), text.toLowerCase(), `${text} `, `${text}\0`, text.slice(1))
    );
    return fc.array(valuesOf(known, fc.oneof(near, fc.string({ unit: "binary" }))), few);
  };
  const anyOf = (some: readonly Part[]) =>
    fc.record({
      uuids: fc.array(valuesOf(some.map(({ uuid }) => uuid), fc.uuid()), few),
      names: texts(some.map(({ name }) => name)),
      categories: fc.array(fc.constantFrom<Category[]>(1, 2, 3, 4), few),
      manufacturerCountries: texts(some.map(({ manufacturer }) => manufacturer?.country ?? "")),
      tags: texts(["consumable", ...some.flatMap(({ tags }) => tags)]),
    });
  const aFew = fc.subarray([...parts], { minLength: 1, maxLength: 3 });
  return fc.oneof(aFew.chain(anyOf), anyOf(parts));
}

function byNameAndUuid(a: Part, b: Part): number {
  // UTF-8 sorts by code point; JavaScript's strings do not.
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) || Buffer.compare(
    Buffer.from(a.uuid),
    Buffer.from(b.uuid),
  );
}
