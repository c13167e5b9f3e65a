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
 * Makes messages as a descriptor has them: its fields in any order and number, each with a value of its type.
 *
 * @throws {TypeError} for a descriptor that it can't make messages of: teach it the kind of field.
 */
export function validMessage(desc: DescMessage): Arbitrary<FuzzedBytes> {
  return messageOf(validRecords(desc, MAX_DEPTH));
}

/**
 * Makes bytes that are nearly a message, or none: fields with values that are hard to bear or of another type,
 * unknown fields, lengths and groups that lead nowhere; and all of that within messages as well.
 *
 * @throws {TypeError} as `validMessage` does.
 */
export function hostileMessage(desc: DescMessage): Arbitrary<FuzzedBytes> {
  return messageOf(hostileRecords(desc, MAX_DEPTH));
}

/** Puts parts of a message one after the other. */
export function joinBytes(parts: readonly FuzzedBytes[]): FuzzedBytes {
  const verdicts = parts.map(({ isMessage }) => isMessage);
  return {
    bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    // What is not known may swallow what comes behind it.
    isMessage: verdicts.includes(undefined) ? undefined : !verdicts.includes(false),
  };
}

/** How deep messages lie in one another, where their types allow for any depth. */
const MAX_DEPTH = 5;

function messageOf(records: readonly Arbitrary<FuzzedBytes>[]): Arbitrary<FuzzedBytes> {
  if (records.length === 0) return fc.constant(joinBytes([]));
  return fc.array(fc.oneof(...records), { maxLength: 5 }).map(joinBytes);
}

function validRecords({ fields }: DescMessage, depth: number): readonly Arbitrary<FuzzedBytes>[] {
  return fields.flatMap((field) => {
    if (field.fieldKind === "map") throw new TypeError(`no messages can be made with the map ${field}`);
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
