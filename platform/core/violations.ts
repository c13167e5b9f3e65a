import { type FieldViolation, InvalidArgument } from "./failure.ts";

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
