import { z } from "zod";

/** An e-mail address within the rules, as its owner wrote it; compared without regard to case. */
export type Email = string & { readonly [emailBrand]: true };

declare const emailBrand: unique symbol;

/** The rule of an e-mail address, in words for the caller. */
export const EMAIL_RULE = "must be an e-mail address of at most 254 characters";

// RFC 5321, 4.5.3.1: 254 is the longest address that fits a path.
const schema = z.email().max(254);

/** @returns `undefined` where the text breaks the rule. */
export function parseEmail(text: string): Email | undefined {
  // The one place that makes the branded type: the schema is the rule.
  return schema.safeParse(text).success ? text as Email : undefined;
}
