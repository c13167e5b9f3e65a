import fc, { type Arbitrary } from "fast-check";
import { arbitraryOf, hostileValue, type Schema } from "../../support/schema_arbitrary.ts";

/**
 * Generates bodies for a schema: valid, almost valid, hostile, and not JSON at all.
 *
 * @param good A valid body.
 * @param resolve Finds what a `$ref` names.
 */
export function fuzzedBody(
  schema: Schema,
  good: object,
  resolve: (ref: string) => Schema,
): Arbitrary<Uint8Array<ArrayBuffer>> {
  const valid = fc.oneof(fc.constant(good), arbitraryOf(schema, resolve));
  const json = valid.map((body) => JSON.stringify(body));
  const fields = Object.keys((schema.$ref === undefined ? schema : resolve(schema.$ref)).properties ?? {});
  const field = fc.constantFrom(...fields, "coupon", "__proto__", "");
  const changed = fc.tuple(valid, field, hostileValue)
    .map(([body, field, value]) => JSON.stringify({ ...Object(body), [field]: value }));
  const repeated = fc.tuple(json, field).map(([text, field]) => text.replace("{", `{"${field}":1,`));
  const cutOff = fc.tuple(json, fc.nat()).map(([text, at]) => text.slice(0, at % text.length));
  const text = fc.oneof(
    { weight: 3, arbitrary: json },
    { weight: 4, arbitrary: changed },
    hostileValue.map((value) => JSON.stringify(value)),
    repeated,
    cutOff,
    fc.tuple(json, fc.constantFrom("\u0000", "\u001f", "\ufeff", "\u2028")).map(([text, c]) => c + text),
    fc.constantFrom("", "NaN", "[".repeat(30_000), '{"a":[1e999]}'),
  );
  return fc.oneof(
    { weight: 8, arbitrary: text.map(encode) },
    { weight: 2, arbitrary: fc.tuple(json, fc.nat(), NOT_UTF8).map((parts) => splice(...parts)) },
    anyBytes,
  );
}

/** Random bytes. */
export const anyBytes: Arbitrary<Uint8Array<ArrayBuffer>> = fc.uint8Array({ maxLength: 200 })
  .map((bytes) => new Uint8Array(bytes));

/** Invalid UTF-8: an unused byte, a lone continuation, a truncated sequence, an overlong `/`, and a lone surrogate. */
const NOT_UTF8 = fc.constantFrom(
  [0xff],
  [0x80],
  [0xe2, 0x82],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
);

/** Inserts bytes somewhere into a text. */
function splice(text: string, at: number, inserted: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = encode(text);
  const index = at % bytes.length;
  return Uint8Array.of(...bytes.subarray(0, index), ...inserted, ...bytes.subarray(index));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
