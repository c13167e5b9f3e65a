import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc, { type Arbitrary } from "fast-check";

/** The wire type of a field's values, or of a list's elements (protobuf.dev, "Encoding"). */
export function wireTypeOf({ scalar, message }: DescField): WireType {
  if (message !== undefined) return WireType.LengthDelimited;
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

/** A value that a service may accept: a UUID if the name says so, a number of the enum, a short string. */
export function plausibleValue(field: DescField): Arbitrary<Uint8Array> {
  const { scalar, enum: enumeration, name } = field;
  if (enumeration !== undefined) {
    const numbers = enumeration.values.map(({ number }) => number);
    return fc.constantFrom(...numbers).map((number) => new BinaryWriter().int32(number).finish());
  }
  if (scalar !== ScalarType.STRING) return valueOf(wireTypeOf(field));
  const text = /(^|_)uuids?$/.test(name) ? fc.uuid() : fc.string();
  return text.map((text) => new BinaryWriter().string(text).finish());
}

/** A value of a wire type, with its length if length-delimited. */
export function valueOf(type: WireType): Arbitrary<Uint8Array> {
  switch (type) {
    case WireType.Varint:
      return fc.oneof(fc.nat(5), fc.maxSafeNat()).map((value) => new BinaryWriter().uint64(value).finish());
    case WireType.Bit64:
      return fc.uint8Array({ minLength: 8, maxLength: 8 });
    case WireType.Bit32:
      return fc.uint8Array({ minLength: 4, maxLength: 4 });
    case WireType.LengthDelimited:
      return fuzzedText.map((text) => new BinaryWriter().string(text).finish());
    default:
      throw new TypeError(`no value has wire type ${type}`);
  }
}

const HOSTILE_TEXTS = [
  "",
  "\u0000",
  "a\u0000b",
  "\u001b[2J\r\n\t\u007f",
  "\u202e\ufeff\uffff",
  "ﷺ".repeat(200),
  "é".repeat(33_000),
  "a@".repeat(20_000),
  "'; drop table users; --",
  "%00%ff${jndi:ldap://localhost/}",
  "__proto__",
];

/** Text of all kinds that protobuf accepts. */
export const fuzzedText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
);

/** Not UTF-8: an invalid first byte, a truncated and a broken sequence, an overlong NUL, a surrogate, past U+10FFFF. */
export const INVALID_UTF8: readonly Uint8Array[] = ["ff", "61c3", "c328", "c080", "eda080", "f4908080"]
  .map((hex) => Buffer.from(hex, "hex"));
