import fc, { type Arbitrary } from "fast-check";

/** The part of JSON Schema that our documents use for requests. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/**
 * Generates values that a schema allows.
 *
 * @param resolve Resolves a `$ref`.
 * @throws {TypeError} if the schema has a type that is not supported here yet.
 */
export function arbitraryOf(schema: Schema, resolve: (ref: string) => Schema): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryOf(resolve(schema.$ref), resolve);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "string":
      return schema.pattern === undefined
        ? fc.string({ maxLength: schema.maxLength ?? 100 })
        : fc.stringMatching(new RegExp(schema.pattern));
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({
        min: schema.minimum ?? Number.MIN_SAFE_INTEGER,
        max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      });
    case "array":
      return fc.array(arbitraryOf(schema.items ?? {}, resolve), {
        minLength: schema.minItems ?? 0,
        maxLength: schema.maxItems ?? 10,
        size: "max",
      });
    case "object": {
      const properties = Object.entries(schema.properties ?? {});
      const model = Object.fromEntries(properties.map(([key, value]) => [key, arbitraryOf(value, resolve)]));
      return fc.record(model, { requiredKeys: [...schema.required ?? []] });
    }
    default:
      throw new TypeError(`can't generate values of ${JSON.stringify(schema)}`);
  }
}

/** Values that break something somewhere: of the wrong type, huge, deeply nested, or with unexpected characters. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    1e308,
    "",
    "\u0000",
    "\ud800",
    "\u202e",
    "x".repeat(70_000),
    "'; drop table orders; --",
    "${jndi:ldap://localhost/}",
    "__proto__",
    [],
    {},
    Array(5_000).fill(0),
    { __proto__: null, constructor: { prototype: {} } },
  ),
  fc.string({ unit: "binary" }),
  fc.integer({ min: 1, max: 2_000 }).map((depth) =>
    JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown
  ),
  fc.jsonValue({ maxDepth: 6 }),
);
