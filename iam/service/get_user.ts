import { UserNotFound } from "../model/failures.ts";
import type { User } from "../model/user.ts";
import type { UserRepository } from "../repository/users.ts";

/** @throws {UserNotFound} when no user has the UUID. */
export type GetUser = (userUuid: string) => Promise<User>;

/** Creates the rule of looking a user up. */
export function createGetUser(users: UserRepository): GetUser {
  return async (userUuid) => {
    const user = await users.find(userUuid);
    if (user === undefined) throw new UserNotFound();
    return user;
  };
}
