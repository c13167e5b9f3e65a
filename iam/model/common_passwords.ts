// @ts-types="./fxa_common_password_list.d.ts"
import mostCommon from "fxa-common-password-list";

/**
 * Whether a password is one of the 50,000 most common of at least 8 characters (OWASP ASVS 6.2.4), in any
 * letter case: the list is in lower case, and an attacker who guesses `password1` guesses `Password1` next.
 */
export function isCommonPassword(password: string): boolean {
  return mostCommon.test(password.toLowerCase());
}
