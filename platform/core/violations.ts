import { describeViolations, type FieldViolation, InvalidArgument } from "./failure.ts";

/** Collects the broken rules of a request's fields, so that the caller learns of all of them at once. */
export interface ViolationCollector {
  /**
   * Notes that a field breaks its rule. Gives `undefined`, so that it stands for the field's value:
   * `parseUuid(text) ?? refuse("order_uuid", UUID_RULE)`.
   */
  refuse(field: string, rule: string): undefined;
  /**
   * Gives the parsed fields, which are all there if none was refused.
   *
   * @throws {InvalidArgument} naming every field that was refused.
   */
  finish<Fields extends object>(fields: Fields): Parsed<Fields>;
}

/** Fields without `undefined` among their values. */
export type Parsed<Fields> = { readonly [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Creates a collector for one request. */
export function collectViolations(): ViolationCollector {
  const violations: FieldViolation[] = [];
  return {
    refuse: (field, rule) => void violations.push({ field, message: rule }),
    finish<Fields extends object>(fields: Fields) {
      if (violations.length > 0) throw new InvalidArgument(violations);
      const missing = Object.entries(fields).find(([, value]) => value === undefined);
      if (missing !== undefined) throw new TypeError(`${missing[0]} is missing, but was not refused`);
      // No value is undefined, as has just been checked.
      return fields as Parsed<Fields>;
    },
  };
}

/**
 * How many characters of violations an answer has. Over gRPC they appear in the message and twice in the details, all of
 * it in headers, and a client may accept no more than 8 KiB of those (grpc.io, "PROTOCOL-HTTP2"); past that it gets no
 * status. HTTP answers have the same limit: a request with thousands of broken fields must not get a larger answer.
 */
const MAX_SENT_LENGTH = 1_800;

/** How many characters of a field's path are sent; a client can name a field as long as its request. */
const MAX_FIELD_LENGTH = 256;

/** Picks the violations that fit into an answer, and words its message, which counts those that don't fit. */
export function sentViolations(
  { violations }: InvalidArgument,
): { readonly message: string; readonly violations: readonly FieldViolation[] } {
  const sent: FieldViolation[] = [];
  let length = 0;
  for (const { field, message } of violations) {
    const shown = field.length > MAX_FIELD_LENGTH ? `${field.slice(0, MAX_FIELD_LENGTH)}…` : field;
    length += shown.length + message.length;
    if (length > MAX_SENT_LENGTH) break;
    sent.push({ field: shown, message });
  }
  const omitted = violations.length - sent.length;
  const described = describeViolations(sent);
  return { message: omitted === 0 ? described : `${described}; and ${omitted} more`, violations: sent };
}
