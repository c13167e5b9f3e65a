import type { BreachedPasswords } from "../client/breached_passwords.ts";
import { BreachedPassword } from "../model/failures.ts";
import type { Registration } from "../model/user.ts";
import type { UserRepository } from "../repository/users.ts";
import type { Audit } from "./audit.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import type { Throttle } from "./throttle.ts";

/**
 * Registers a user.
 *
 * @param passwordField The path of the password in the request, for the client.
 * @returns The new user's UUID.
 * @throws {BreachedPassword} if the password was breached elsewhere.
 * @throws {LoginTaken | EmailTaken} if another user has the login or the e-mail address, in any letter case.
 * @throws {ResourceExhausted} if too many passwords wait to be hashed, or too many registered from this address.
 */
export type Register = (registration: Registration, passwordField: string) => Promise<string>;

/** Dependencies of {@link Register}. */
export interface RegisterDependencies {
  readonly users: Pick<UserRepository, "add">;
  readonly breached: BreachedPasswords;
  readonly hasher: Pick<PasswordHasher, "hash">;
  readonly throttle: Pick<Throttle, "countRegistration">;
  readonly audit: Pick<Audit, "change">;
}

/** Creates the register use case. */
export function createRegister({ users, breached, hasher, throttle, audit }: RegisterDependencies): Register {
  return async ({ password, ...account }, passwordField) => {
    await throttle.countRegistration();
    if (await breached.has(password)) throw new BreachedPassword(passwordField);
    const passwordHash = await hasher.hash(password);
    const userUuid = crypto.randomUUID();
    await audit.change({ kind: "registered", userUuid }, async (event) => {
      await users.add(userUuid, account, passwordHash, event);
      return true;
    });
    return userUuid;
  };
}
