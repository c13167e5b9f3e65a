import { createPartRepository } from "@rocket/inventory/repository";
import { SEED_PARTS } from "@rocket/inventory/seed";
import { createPostgres } from "@rocket/platform/postgres";

/** Strings that are hard to quote, look like something else, or differ from another in only one detail. */
export const AWKWARD_STRINGS: readonly string[] = [
  "Robert'); drop table parts; --",
  "' or '1'='1",
  "'} or true --",
  '"double" and \\back\\slash',
  "{braces,and,commas}",
  "$1",
  "NULL",
  "null",
  "%",
  "_",
  " leading and trailing ",
  "tab\tand\nnewline",
  "\u0001\u001f\u007f\u0085",
  "ÅNGSTRÖM",
  "A\u030aNGSTRO\u0308M",
  "straße",
  "STRASSE",
  "🚀",
  "\ufffd",
  "\ufeffbyte order mark",
  "\uffffafter all others of two bytes",
];

type PartFacts = typeof SEED_PARTS[number];

/** A part for each awkward string, with it as name, country and tag, and two parts with the same name. */
export const AWKWARD_PARTS: readonly PartFacts[] = [...AWKWARD_STRINGS, "🚀"].map((text, number) => {
  const model = SEED_PARTS[number % SEED_PARTS.length] ?? fail();
  return {
    ...model,
    // Descending, so that parts are not added in the order of their UUIDs.
    uuid: `d0000000-0000-4000-8000-${String(999 - number).padStart(12, "0")}`,
    name: text,
    manufacturer: { ...model.manufacturer, country: text },
    tags: number % 5 === 0 ? [] : [text, "awkward"],
    metadata: { [text]: { type: "string", value: text } },
  };
});

/** Adds the example parts and the awkward ones to inventory's database, as inventory does. */
export async function storeAllParts(postgresUrl: string): Promise<readonly PartFacts[]> {
  const parts = [...SEED_PARTS, ...AWKWARD_PARTS];
  await using postgres = createPostgres(postgresUrl, { connections: 1 });
  await createPartRepository(postgres).addMissing(parts);
  return parts;
}

function fail(): never {
  throw new TypeError("the seed is empty");
}
