import { isCommonPassword } from "./common_passwords.ts";

/**
 * A password as it is hashed and compared: well-formed Unicode in NFKC, at most 128 code points. A secret.
 * One that was just chosen keeps all the rules; one that was typed at login may be any text of that form.
 */
export type Password = string & { readonly [passwordBrand]: true };

declare const passwordBrand: unique symbol;

const MIN_CODE_POINTS = 8;
const MAX_CODE_POINTS = 128;

/**
 * What is normalised at all, so that nobody can have a megabyte normalised. Wide enough for every spelling of
 * an acceptable password: today's Unicode spells a code point out in 6 UTF-16 units at most.
 */
const MAX_RAW_UTF16_UNITS = 8 * MAX_CODE_POINTS;

/**
 * Reads a password that a person chooses: 8 to 128 code points after NFKC, any characters (NUL and spaces
 * too), nothing trimmed or folded, not one of the most common (OWASP ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.8, 6.2.9).
 *
 * @returns The password, or the rule it breaks in words that never repeat it.
 */
export function parseNewPassword(
  text: string,
): { readonly password: Password } | { readonly problem: string } {
  if (!text.isWellFormed()) return { problem: "must be well-formed Unicode text" };
  const password = normalizeCandidate(text);
  if (password === undefined || countCodePoints(password) < MIN_CODE_POINTS) {
    return { problem: `must be ${MIN_CODE_POINTS} to ${MAX_CODE_POINTS} characters long` };
  }
  if (isCommonPassword(password)) {
    return { problem: "is one of the most common passwords, which are guessed first: choose another" };
  }
  return { password };
}

/**
 * Normalises what was typed at login, as it was when the password was chosen (NIST SP 800-63B-4, 3.1.1.2).
 * The rules for new passwords are not asked here: they may become stricter, and old passwords still open.
 *
 * @returns `undefined` for what no password can be: too long, or with a lone surrogate. UTF-8 has no form for
 * one, so Argon2 would see U+FFFD in its place, and different passwords would open the same account.
 */
export function normalizeCandidate(text: string): Password | undefined {
  if (text.length > MAX_RAW_UTF16_UNITS || !text.isWellFormed()) return undefined;
  const normalized = text.normalize("NFKC");
  // The one place that makes the branded type: all that it promises has just been seen to.
  return countCodePoints(normalized) <= MAX_CODE_POINTS ? normalized as Password : undefined;
}

function countCodePoints(text: string): number {
  return Array.from(text).length;
}
