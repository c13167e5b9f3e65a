import { isCommonPassword } from "./common_passwords.ts";
import { isMadeOfWords } from "./context_words.ts";

/**
 * A password as it is hashed and compared: well-formed Unicode in NFKC, at most 128 code points. A secret.
 * A new password also follows the rules for new passwords; one typed at login may be any text of that form.
 */
export type Password = string & { readonly [passwordBrand]: true };

declare const passwordBrand: unique symbol;

/** The shortest new password that any configuration allows, in code points. */
export const MIN_CODE_POINTS = 8;
const MAX_CODE_POINTS = 128;

/**
 * Longer texts are refused before they are normalised, so that a client can't make IAM normalise a megabyte.
 * The limit leaves room for every spelling of an acceptable password: in today's Unicode a code point takes
 * at most 6 UTF-16 units in any normal form.
 */
const MAX_RAW_UTF16_UNITS = 8 * MAX_CODE_POINTS;

/** The words of a person's own that a password may not be made up of. */
export function ownWordsOf(
  { login, email }: { readonly login: string; readonly email: string },
): readonly string[] {
  return [login, email.slice(0, Math.max(0, email.lastIndexOf("@")))];
}

/** What the rules for a new password depend on. */
export interface NewPasswordRules {
  /** In code points, {@linkcode MIN_CODE_POINTS} at least. */
  readonly minLength: number;
  /** The person's own words: the login, and the local part of the e-mail address. */
  readonly ownWords: readonly string[];
}

/**
 * Parses a new password: 8 or more to 128 code points after NFKC, any characters including NUL and spaces, nothing
 * trimmed or case-folded, not one of the most common, and not made up of words that anybody would try first here (OWASP
 * ASVS 6.1.2, 6.2.1, 6.2.4, 6.2.5, 6.2.8, 6.2.9, 6.2.11).
 *
 * @returns The password, or the rule that it breaks. The wording never repeats the password.
 */
export function parseNewPassword(
  text: string,
  { minLength, ownWords }: NewPasswordRules,
): { readonly password: Password } | { readonly problem: string } {
  if (!text.isWellFormed()) return { problem: "must be well-formed Unicode text" };
  const password = normalizeCandidate(text);
  if (password === undefined || countCodePoints(password) < minLength) {
    return { problem: `must be ${minLength} to ${MAX_CODE_POINTS} characters long` };
  }
  if (isCommonPassword(password)) {
    return { problem: "is one of the most common passwords, which are guessed first: choose another" };
  }
  if (isMadeOfWords(password, ownWords)) {
    return { problem: "is made up of words that are guessed first, e.g. your login: choose another" };
  }
  return { password };
}

/**
 * Normalises a password typed at login in the same way as when it was chosen (NIST SP 800-63B-4, 3.1.1.2).
 * The rules for new passwords do not apply here: they may become stricter, and old passwords must still work.
 *
 * @returns `undefined` if the text can't be a password: it is too long, or has a lone surrogate. UTF-8 can't
 * encode one, so Argon2 would get U+FFFD instead, and different passwords would open the same account.
 */
export function normalizeCandidate(text: string): Password | undefined {
  if (text.length > MAX_RAW_UTF16_UNITS || !text.isWellFormed()) return undefined;
  const normalized = text.normalize("NFKC");
  // The only place that makes the branded type: everything that it promises has just been checked.
  return countCodePoints(normalized) <= MAX_CODE_POINTS ? normalized as Password : undefined;
}

function countCodePoints(text: string): number {
  return Array.from(text).length;
}
