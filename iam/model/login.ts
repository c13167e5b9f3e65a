/** A login within the rules, as its owner wrote it; compared without regard to case. */
export type Login = string & { readonly [loginBrand]: true };

declare const loginBrand: unique symbol;

/** Breaks the rule, so it is nobody's: looking it up costs what looking up a login costs, and finds no one. */
export const NOBODYS_LOGIN = "-";

/** The rule of a login, in words for the caller. */
export const LOGIN_RULE = "must be 3 to 64 of letters, digits, '.', '_' and '-'";

/** @returns `undefined` where the text breaks the rule. */
export function parseLogin(text: string): Login | undefined {
  // The one place that makes the branded type: the pattern is the rule.
  return /^[A-Za-z0-9._-]{3,64}$/.test(text) ? text as Login : undefined;
}
