import type { CallerSession } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import { AccountChangedMeanwhile } from "../model/failures.ts";
import { digestOf } from "../model/session.ts";
import type { Profile } from "../model/user.ts";
import type { AccountChangeRepository } from "../repository/account_changes.ts";
import type { Audit } from "./audit.ts";
import type { ConfirmPassword } from "./confirm_password.ts";
import type { FollowChange } from "./follow_change.ts";
import type { HashNewPassword } from "./hash_new_password.ts";
import type { Throttle } from "./throttle.ts";

/**
 * What a user may do to their own account. Each asks for the password again, and answers once all sessions show the
 * change.
 *
 * All throw `WrongPassword`, `Unauthenticated` if the account has been deleted, and `ResourceExhausted` if too many
 * passwords wait to be checked.
 */
export interface ChangeAccount {
  /**
   * Ends all other sessions (OWASP ASVS 6.2.2, 6.2.3 and 7.4.3).
   *
   * @throws {InvalidArgument} naming the rule that the new password breaks.
   * @throws {AccountChangedMeanwhile} if another request changes the password at the same time.
   */
  changePassword(session: CallerSession, oldPassword: string, newPassword: string): Promise<void>;
  /** Fields that are absent stay as they are (OWASP ASVS 7.5.1). @throws {EmailTaken} */
  updateProfile(session: CallerSession, password: string, profile: Partial<Profile>): Promise<void>;
  /** Ends all sessions. */
  deleteAccount(session: CallerSession, password: string): Promise<void>;
}

/** Dependencies of {@link ChangeAccount}. */
export interface ChangeAccountDependencies {
  readonly confirmPassword: ConfirmPassword;
  readonly hashNewPassword: HashNewPassword;
  readonly changes: Pick<AccountChangeRepository, "changePassword" | "updateProfile" | "deleteAccount">;
  readonly followChange: FollowChange;
  readonly throttle: Pick<Throttle, "forgetAddresses">;
  readonly audit: Pick<Audit, "change">;
}

/** Creates the use cases of a user's own account. */
export function createChangeAccount(
  { confirmPassword, hashNewPassword, changes, followChange, throttle, audit }: ChangeAccountDependencies,
): ChangeAccount {
  return {
    async changePassword({ userUuid, sessionUuid }, oldPassword, newPassword) {
      const { user, passwordHash } = await confirmPassword(userUuid, oldPassword);
      const newHash = await hashNewPassword(newPassword, user);
      const change = await audit.change(
        { kind: "password_changed", userUuid },
        (event) => changes.changePassword(userUuid, passwordHash, newHash, digestOf(sessionUuid), event),
      );
      if (change === undefined) throw new AccountChangedMeanwhile();
      await followChange(change);
    },
    async updateProfile({ userUuid }, password, profile) {
      await confirmPassword(userUuid, password);
      const change = await audit.change(
        { kind: "profile_changed", userUuid },
        (event) => changes.updateProfile(userUuid, profile, event),
      );
      if (change === undefined) throw new Unauthenticated();
      await followChange(change);
    },
    async deleteAccount({ userUuid }, password) {
      const { user } = await confirmPassword(userUuid, password);
      const change = await audit.change(
        { kind: "account_deleted", userUuid },
        (event) => changes.deleteAccount(userUuid, event),
      );
      if (change === undefined) throw new Unauthenticated();
      await throttle.forgetAddresses(user.login);
      await followChange(change);
    },
  };
}
