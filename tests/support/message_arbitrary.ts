import type { DescMessage } from "@bufbuild/protobuf";
import fc, { type Arbitrary } from "fast-check";
import {
  brokenRecord,
  type FuzzedBytes,
  hostileRecord,
  messageRecord,
  otherTypeRecord,
  scalarRecord,
  unknownRecord,
} from "./wire_records.ts";

/**
 * Generates valid messages of a type: its fields in any order and number, each with a value of its type.
 *
 * @throws {TypeError} if the descriptor has a kind of field that is not supported here yet.
 */
export function validMessage(desc: DescMessage): Arbitrary<FuzzedBytes> {
  return messageOf(validRecords(desc, MAX_DEPTH));
}

/**
 * Generates bytes that resemble a message of a type, valid or not: fields with extreme values or values of another
 * type, unknown fields, invalid lengths and groups; all of these in nested messages as well.
 *
 * @throws {TypeError} as `validMessage` does.
 */
export function hostileMessage(desc: DescMessage): Arbitrary<FuzzedBytes> {
  return messageOf(hostileRecords(desc, MAX_DEPTH));
}

/** Concatenates parts of a message. */
export function joinBytes(parts: readonly FuzzedBytes[]): FuzzedBytes {
  const verdicts = parts.map(({ isMessage }) => isMessage);
  return {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    // A decoder may take what follows an undetermined part as belonging to it.
    isMessage: verdicts.includes(undefined) ? undefined : !verdicts.includes(false),
  };
}

/** How deep messages of recursive types are nested. */
const MAX_DEPTH = 5;

function messageOf(records: readonly Arbitrary<FuzzedBytes>[]): Arbitrary<FuzzedBytes> {
  if (records.length === 0) return fc.constant(joinBytes([]));
  return fc.array(fc.oneof(...records), { maxLength: 5 }).map(joinBytes);
}

function validRecords({ fields }: DescMessage, depth: number): readonly Arbitrary<FuzzedBytes>[] {
  return fields.flatMap((field) => {
    if (field.fieldKind === "map") throw new TypeError(`can't generate the map ${field}`);
    if (field.message === undefined) return [scalarRecord(field)];
    return depth === 0 ? [] : [messageRecord(field, messageOf(validRecords(field.message, depth - 1)))];
  });
}

function hostileRecords(desc: DescMessage, depth: number): readonly Arbitrary<FuzzedBytes>[] {
  const nested = desc.fields.flatMap((field) =>
    field.message === undefined || depth === 0
      ? []
      : [messageRecord(field, messageOf(hostileRecords(field.message, depth - 1)))]
  );
  return [
    ...validRecords(desc, depth),
    ...nested,
    ...desc.fields.map(hostileRecord),
    ...desc.fields.map(otherTypeRecord),
    unknownRecord,
    brokenRecord,
  ];
}
