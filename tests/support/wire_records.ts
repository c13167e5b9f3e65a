import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc, { type Arbitrary } from "fast-check";
import { NO_UTF8, sensibleValue, valueOf, wireTypeOf } from "./wire_values.ts";

/** Bytes that might be a message, or a part of one. */
export interface FuzzedBytes {
  readonly bytes: Uint8Array;
  /** Whether every decoder has to take them, or none may; `undefined` if that is unknown. */
  readonly isMessage: boolean | undefined;
}

/** A field with a value of its type, which is no message: mostly one that makes sense, else one that is hard to bear. */
export function scalarRecord(field: DescField): Arbitrary<FuzzedBytes> {
  const type = wireTypeOf(field);
  const value = fc.oneof({ weight: 2, arbitrary: sensibleValue(field) }, valueOf(type));
  const single = value.map((value) => taken(tag(field.number, type).raw(value)));
  if (field.fieldKind !== "list" || type === WireType.LengthDelimited) return single;
  // Numbers may also come many in one.
  const packed = fc.array(value, { maxLength: 20 })
    .map((values) => taken(tag(field.number, WireType.LengthDelimited).bytes(Buffer.concat(values))));
  return fc.oneof(single, packed);
}

/** A field with a message. */
export function messageRecord(field: DescField, content: Arbitrary<FuzzedBytes>): Arbitrary<FuzzedBytes> {
  return content.map(({ bytes, isMessage }) => ({
    bytes: tag(field.number, WireType.LengthDelimited).bytes(bytes).finish(),
    isMessage,
  }));
}

/** A field with a value that is of its wire type, and perhaps not of its own. */
export function hostileRecord(field: DescField): Arbitrary<FuzzedBytes> {
  if (wireTypeOf(field) === WireType.Varint) {
    return fc.constantFrom(-1n, 2n ** 31n, 2n ** 53n, -(2n ** 63n)).map((value) =>
      // A decoder may refuse a number that it can't hold.
      unclear(tag(field.number, WireType.Varint).int64(value))
    );
  }
  const text = (bytes: Uint8Array) => tag(field.number, WireType.LengthDelimited).bytes(bytes);
  if (field.scalar !== ScalarType.STRING) {
    return fc.uint8Array({ maxLength: 50 }).map((bytes) => unclear(text(bytes)));
  }
  return fc.constantFrom(...NO_UTF8).map((bytes) => refused(text(bytes)));
}

/** A field with a value of another wire type, which counts as one that is not known. */
export function otherTypeRecord(field: DescField): Arbitrary<FuzzedBytes> {
  // Bytes with their length might also be many numbers in one.
  const others = [WireType.Varint, WireType.Bit32, WireType.Bit64].filter((type) =>
    type !== wireTypeOf(field)
  );
  return recordOf(fc.constant(field.number), others);
}

/** A field that no contract has, as a later one might. */
export const unknownRecord: Arbitrary<FuzzedBytes> = fc.oneof(
  recordOf(fc.constantFrom(1_000, 19_000, 2 ** 29 - 1), [
    WireType.Varint,
    WireType.Bit32,
    WireType.Bit64,
    WireType.LengthDelimited,
  ]),
  fc.integer({ min: 1, max: 20 }).map((depth) => taken(groups(depth))),
);

/** What is no field, or leads nowhere. */
export const brokenRecord: Arbitrary<FuzzedBytes> = fc.oneof(
  fc.constantFrom(
    // No field has number 0, and no value is of type 6 or 7.
    refused(new BinaryWriter().raw(Uint8Array.of(0, 0))),
    refused(new BinaryWriter().raw(Uint8Array.of(2, 0))),
    refused(new BinaryWriter().raw(Uint8Array.of(14))),
    refused(new BinaryWriter().raw(Uint8Array.of(15, 0))),
    // Groups that never began, do not end, or end as another.
    refused(tag(2_000, WireType.EndGroup)),
    refused(tag(1_000, WireType.StartGroup)),
    refused(tag(1_000, WireType.StartGroup).tag(1_001, WireType.EndGroup)),
    // Lengths past the end, and below zero.
    refused(tag(1, WireType.LengthDelimited).uint32(2 ** 31 - 1)),
    refused(tag(1, WireType.LengthDelimited).int32(-1)),
    // A number without an end.
    unclear(tag(1_000, WireType.Varint).raw(new Uint8Array(11).fill(0x80))),
  ),
  fc.integer({ min: 90, max: 200_000 }).map((depth) => unclear(groups(depth))),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => unclear(new BinaryWriter().raw(bytes))),
);

function recordOf(number: Arbitrary<number>, types: readonly WireType[]): Arbitrary<FuzzedBytes> {
  return fc.tuple(number, fc.constantFrom(...types)).chain(([number, type]) =>
    valueOf(type).map((value) => taken(tag(number, type).raw(value)))
  );
}

function groups(depth: number): BinaryWriter {
  const writer = new BinaryWriter();
  for (let level = 0; level < depth; level++) writer.tag(1_000, WireType.StartGroup);
  for (let level = 0; level < depth; level++) writer.tag(1_000, WireType.EndGroup);
  return writer;
}

function tag(number: number, type: WireType): BinaryWriter {
  return new BinaryWriter().tag(number, type);
}

function taken(writer: BinaryWriter): FuzzedBytes {
  return { bytes: writer.finish(), isMessage: true };
}

function refused(writer: BinaryWriter): FuzzedBytes {
  return { bytes: writer.finish(), isMessage: false };
}

function unclear(writer: BinaryWriter): FuzzedBytes {
  return { bytes: writer.finish(), isMessage: undefined };
}
