import { Unauthenticated } from "@rocket/platform/core";
import { WrongPassword } from "../model/failures.ts";
import { normalizeCandidate } from "../model/password.ts";
import type { Credentials, UserRepository } from "../repository/users.ts";
import type { Audit } from "./audit.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import type { Throttle } from "./throttle.ts";

/**
 * Checks the password of a session's user before something that a stolen session must not be able to do (OWASP ASVS
 * 6.2.3, 7.5.1 and 7.5.2).
 *
 * @returns The account, and the hash that the password matches.
 * @throws {WrongPassword} if it is wrong.
 * @throws {Unauthenticated} if the account has been deleted.
 * @throws {ResourceExhausted} if too many passwords wait to be checked, or too many were wrong: they count as at a login.
 */
export type ConfirmPassword = (userUuid: string, password: string) => Promise<Credentials>;

/** Dependencies of {@link ConfirmPassword}. */
export interface ConfirmPasswordDependencies {
  readonly users: Pick<UserRepository, "findCredentials">;
  readonly hasher: Pick<PasswordHasher, "verify">;
  readonly throttle: Pick<Throttle, "attempt">;
  readonly audit: Pick<Audit, "note">;
}

/** Creates the check of a session's password. */
export function createConfirmPassword(
  { users, hasher, throttle, audit }: ConfirmPasswordDependencies,
): ConfirmPassword {
  return async (userUuid, password) => {
    const credentials = await users.findCredentials(userUuid);
    if (credentials === undefined) throw new Unauthenticated();
    return await throttle.attempt(credentials.user.login, async () => {
      // The user is known, so a refusal need not cost as much as that of any other user.
      if (await hasher.verify(credentials.passwordHash, normalizeCandidate(password), [])) return credentials;
      audit.note({ kind: "password_refused", userUuid });
      throw new WrongPassword();
    });
  };
}
