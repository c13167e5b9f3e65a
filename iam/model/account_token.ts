import { createHash, randomBytes } from "node:crypto";

/** What a token that is mailed to an account's owner is for. */
export type TokenPurpose = "reset_password" | "verify_email";

/** How long a token can be used, in milliseconds. */
export const TOKEN_LIFETIME_MS: Readonly<Record<TokenPurpose, number>> = {
  reset_password: 30 * 60_000,
  verify_email: 24 * 60 * 60_000,
};

/** A token as it is stored: whoever reads that can't use it. */
export interface StoredToken {
  readonly purpose: TokenPurpose;
  readonly digest: string;
}

/** Creates a token: 256 bits from the CSPRNG, in base64url (OWASP ASVS 6.5.3). A secret. */
export function createToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token. So many random bits can't be found from their digest. */
export function storedToken(token: string, purpose: TokenPurpose): StoredToken {
  return { purpose, digest: createHash("sha256").update(token).digest("base64url") };
}
