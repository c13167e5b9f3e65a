import type { Registration } from "../model/user.ts";
import type { UserRepository } from "../repository/users.ts";
import type { PasswordHasher } from "./password_hasher.ts";

/**
 * Registers a person.
 *
 * @returns The new user's UUID.
 * @throws {LoginTaken | EmailTaken} without regard to case.
 * @throws {ResourceExhausted} when too many passwords wait to be hashed.
 */
export type Register = (registration: Registration) => Promise<string>;

/** What registering needs. */
export interface RegisterDependencies {
  readonly users: UserRepository;
  readonly hasher: PasswordHasher;
}

/** Creates the rule of registering. */
export function createRegister({ users, hasher }: RegisterDependencies): Register {
  return async ({ password, ...account }) => await users.add(account, await hasher.hash(password));
}
