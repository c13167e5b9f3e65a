import type { DescMessage } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc, { type Arbitrary } from "fast-check";
import { hostileMessage, joinBytes, validMessage } from "../../support/message_arbitrary.ts";
import type { FuzzedBytes } from "../../support/wire_records.ts";
import { fuzzedText } from "../../support/wire_values.ts";
import { changeText, type TextChange } from "./changed_text.ts";

/** A message as it is made up: around a good one, or without. */
export interface FuzzedMessage {
  readonly before: FuzzedBytes;
  /** Whether a good message stands here, as it is or with one text changed. */
  readonly good: boolean | TextChange;
  readonly after: FuzzedBytes;
  /** How many bytes of a field that no contract has come first. */
  readonly padding: number;
  /** After how many hundredths of its length it is cut off. */
  readonly cutAt: number | undefined;
}

/** The largest message that every service accepts, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** Makes up messages for a descriptor: as it says, nearly so, hostile, very long, and cut off. */
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

/** Puts a message together. */
export function assemble(
  { before, good, after, padding, cutAt }: FuzzedMessage,
  desc: DescMessage,
  goodBytes: Uint8Array,
): FuzzedBytes {
  const middle = typeof good === "object" ? changeText(desc, goodBytes, good) : goodBytes;
  const parts = [
    padded(padding),
    before,
    ...(good === false ? [] : [{ bytes: middle, isMessage: true }]),
    after,
  ];
  const whole = joinBytes(parts);
  if (cutAt === undefined) return whole;
  // It may end between two fields.
  return { bytes: whole.bytes.subarray(0, whole.bytes.length * cutAt / 100), isMessage: undefined };
}

function padded(length: number): FuzzedBytes {
  if (length === 0) return joinBytes([]);
  const writer = new BinaryWriter().tag(1_000, WireType.LengthDelimited).bytes(new Uint8Array(length));
  return { bytes: writer.finish(), isMessage: true };
}
