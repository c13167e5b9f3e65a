/** A valid login, as its owner wrote it. Logins are compared without regard to case. */
export type Login = string & { readonly [loginBrand]: true };

declare const loginBrand: unique symbol;

/** The rule for a login, worded for the client. */
export const LOGIN_RULE = "must be 3 to 64 characters: ASCII letters, digits, '.', '_' and '-'";

/** @returns `undefined` if the text breaks the rule. */
export function parseLogin(text: string): Login | undefined {
  // The only place that makes the branded type: the pattern is the rule.
  return /^[A-Za-z0-9._-]{3,64}$/.test(text) ? text as Login : undefined;
}
