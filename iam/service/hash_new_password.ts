import { InvalidArgument } from "@rocket/platform/core";
import type { BreachedPasswords } from "../client/breached_passwords.ts";
import { BreachedPassword } from "../model/failures.ts";
import { ownWordsOf, parseNewPassword } from "../model/password.ts";
import type { User } from "../model/user.ts";
import type { PasswordHasher } from "./password_hasher.ts";

/**
 * Hashes the password that an account gets instead of the one that it has.
 *
 * @returns PHC string.
 * @throws {InvalidArgument} naming the rule that the field `new_password` breaks.
 * @throws {BreachedPassword} if the password was breached elsewhere.
 * @throws {ResourceExhausted} if too many passwords wait to be hashed.
 */
export type HashNewPassword = (newPassword: string, user: Pick<User, "login" | "email">) => Promise<string>;

/** Dependencies of {@link HashNewPassword}. */
export interface HashNewPasswordDependencies {
  readonly breached: BreachedPasswords;
  readonly hasher: Pick<PasswordHasher, "hash">;
  /** In code points. */
  readonly passwordMinLength: number;
}

/** Creates what hashes new passwords. */
export function createHashNewPassword(
  { breached, hasher, passwordMinLength: minLength }: HashNewPasswordDependencies,
): HashNewPassword {
  return async (newPassword, user) => {
    const parsed = parseNewPassword(newPassword, { minLength, ownWords: ownWordsOf(user) });
    if ("problem" in parsed) {
      throw new InvalidArgument([{ field: "new_password", message: parsed.problem }]);
    }
    if (await breached.has(parsed.password)) throw new BreachedPassword("new_password");
    return await hasher.hash(parsed.password);
  };
}
