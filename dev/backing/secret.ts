import { randomBytes } from "node:crypto";

/** A new password of 192 random bits, in letters that need no escape in a URL, in SQL or in a configuration file. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}
