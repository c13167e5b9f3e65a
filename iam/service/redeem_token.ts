import { type StoredToken, storedToken, type TokenPurpose } from "../model/account_token.ts";
import { TokenInvalid } from "../model/failures.ts";
import type { AccountChange, AccountChangeRepository } from "../repository/account_changes.ts";
import type { AccountTokenRepository, TokenHolder } from "../repository/account_tokens.ts";
import type { Audit } from "./audit.ts";
import type { FollowChange } from "./follow_change.ts";
import type { HashNewPassword } from "./hash_new_password.ts";
import type { Throttle } from "./throttle.ts";

/**
 * What a mailed token can be used for, once (OWASP ASVS 6.5.1). Each answers once all sessions follow the change.
 *
 * All throw `TokenInvalid`, and `RateExceeded` after too many wrong tokens from one address.
 */
export interface RedeemToken {
  /**
   * Ends all sessions (OWASP ASVS 7.4.3).
   *
   * @throws {InvalidArgument} naming the rule that the new password breaks; the token can then still be used.
   * @throws {ResourceExhausted} if too many passwords wait to be hashed; the token can then still be used.
   */
  resetPassword(token: string, newPassword: string): Promise<void>;
  /** Notes that mail to the account's e-mail address arrives. */
  verifyEmail(token: string): Promise<void>;
}

/** Dependencies of {@link RedeemToken}. */
export interface RedeemTokenDependencies {
  readonly tokens: Pick<AccountTokenRepository, "findHolder">;
  readonly changes: Pick<AccountChangeRepository, "resetPassword" | "verifyEmail">;
  readonly hashNewPassword: HashNewPassword;
  readonly followChange: FollowChange;
  readonly throttle: Pick<Throttle, "attemptToken">;
  readonly audit: Pick<Audit, "change">;
}

/** Creates the use cases of mailed tokens. */
export function createRedeemToken(
  { tokens, changes, hashNewPassword, followChange, throttle, audit }: RedeemTokenDependencies,
): RedeemToken {
  /** Makes a change of the account whose token it is, which uses the token up. */
  async function redeem(
    text: string,
    purpose: TokenPurpose,
    make: (holder: TokenHolder, token: StoredToken) => Promise<AccountChange | undefined>,
  ): Promise<void> {
    const token = storedToken(text, purpose);
    await throttle.attemptToken(async () => {
      const holder = await tokens.findHolder(token);
      const change = holder && await make(holder, token);
      if (change === undefined) throw new TokenInvalid();
      await followChange(change);
    });
  }

  return {
    resetPassword: (text, newPassword) =>
      redeem(text, "reset_password", async (holder, token) => {
        const newHash = await hashNewPassword(newPassword, holder);
        return await audit.change(
          { kind: "password_changed", userUuid: holder.uuid, detail: "by a mailed token" },
          (event) => changes.resetPassword(holder.uuid, token, newHash, event),
        );
      }),

    verifyEmail: (text) =>
      redeem(text, "verify_email", (holder, token) =>
        audit.change(
          { kind: "email_verified", userUuid: holder.uuid },
          (event) => changes.verifyEmail(holder.uuid, token, event),
        )),
  };
}
