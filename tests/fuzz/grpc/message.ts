import type { DescMessage } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc, { type Arbitrary } from "fast-check";
import { hostileMessage, joinBytes, validMessage } from "../../support/message_arbitrary.ts";
import type { FuzzedBytes } from "../../support/wire_records.ts";
import { fuzzedText } from "../../support/wire_values.ts";
import { changeString, type StringChange } from "./change_string.ts";

/** A generated message, with or without a valid one in the middle. */
export interface FuzzedMessage {
  readonly before: FuzzedBytes;
  /** Whether it contains the valid message, unchanged or with one string changed. */
  readonly good: boolean | StringChange;
  readonly after: FuzzedBytes;
  /** Size of an unknown field that comes first, in bytes. */
  readonly padding: number;
  /** Where it is truncated, as a percentage of its length. */
  readonly cutAt: number | undefined;
}

/** The largest message that every service accepts, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Generates messages for a descriptor: valid, almost valid, hostile, very long, and truncated. */
export function fuzzedMessage(desc: DescMessage): Arbitrary<FuzzedMessage> {
  const nothing = fc.constant(joinBytes([]));
  const part = fc.oneof({ weight: 3, arbitrary: nothing }, validMessage(desc), hostileMessage(desc));
  return fc.record({
    before: part,
    good: fc.oneof(fc.boolean(), fc.record({ at: fc.nat(20), text: fuzzedText })),
    after: part,
    padding: fc.oneof(
      { weight: 50, arbitrary: fc.constant(0) },
      fc.constantFrom(MAX_MESSAGE_BYTES / 2, MAX_MESSAGE_BYTES - 5, MAX_MESSAGE_BYTES),
    ),
    cutAt: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.integer({ min: 0, max: 99 })),
  });
}

/** Assembles a generated message. */
export function assemble(
  { before, good, after, padding, cutAt }: FuzzedMessage,
  desc: DescMessage,
  goodBytes: Uint8Array,
): FuzzedBytes {
  const middle = typeof good === "object" ? changeString(desc, goodBytes, good) : goodBytes;
  const parts = [
    padded(padding),
    before,
    ...(good === false ? [] : [{ bytes: middle, isMessage: true }]),
    after,
  ];
  const whole = joinBytes(parts);
  if (cutAt === undefined) return whole;
  // Truncated between two fields, it is still valid.
  return { bytes: whole.bytes.subarray(0, whole.bytes.length * cutAt / 100), isMessage: undefined };
}

function padded(length: number): FuzzedBytes {
  if (length === 0) return joinBytes([]);
  const writer = new BinaryWriter().tag(1_000, WireType.LengthDelimited).bytes(new Uint8Array(length));
  return { bytes: writer.finish(), isMessage: true };
}
