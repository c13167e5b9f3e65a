import type { Registration } from "../model/user.ts";
import type { UserRepository } from "../repository/users.ts";
import type { Audit } from "./audit.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import type { Throttle } from "./throttle.ts";

/**
 * Registers a user.
 *
 * @returns The new user's UUID.
 * @throws {LoginTaken | EmailTaken} if another user has the login or the e-mail address, in any letter case.
 * @throws {ResourceExhausted} if too many passwords wait to be hashed, or too many registered from this address.
 */
export type Register = (registration: Registration) => Promise<string>;

/** Dependencies of {@link Register}. */
export interface RegisterDependencies {
  readonly users: Pick<UserRepository, "add">;
  readonly hasher: Pick<PasswordHasher, "hash">;
  readonly throttle: Pick<Throttle, "countRegistration">;
  readonly audit: Pick<Audit, "change">;
}

/** Creates the register use case. */
export function createRegister({ users, hasher, throttle, audit }: RegisterDependencies): Register {
  return async ({ password, ...account }) => {
    await throttle.countRegistration();
    const passwordHash = await hasher.hash(password);
    const userUuid = crypto.randomUUID();
    await audit.change({ kind: "registered", userUuid }, async (event) => {
      await users.add(userUuid, account, passwordHash, event);
      return true;
    });
    return userUuid;
  };
}
