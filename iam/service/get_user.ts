import type { Caller } from "@rocket/platform/auth";
import { UserNotFound } from "../model/failures.ts";
import type { User } from "../model/user.ts";
import type { UserRepository } from "../repository/users.ts";

/**
 * Looks a user up: a session's own user, or any user for a service.
 *
 * @throws {UserNotFound} if no user has the UUID. Another person's is reported in the same way, so that nothing can
 * be learned of who exists.
 */
export type GetUser = (userUuid: string, caller: Caller) => Promise<User>;

/** Creates the get-user use case. */
export function createGetUser(users: Pick<UserRepository, "find">): GetUser {
  return async (userUuid, caller) => {
    const isAllowed = caller.kind === "service" || caller.session.userUuid === userUuid;
    const account = isAllowed ? await users.find(userUuid) : undefined;
    if (account === undefined) throw new UserNotFound();
    return account.user;
  };
}
