import type { AccountChange, AccountChangeRepository } from "../repository/account_changes.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { UserRepository } from "../repository/users.ts";

/** Makes a user's sessions follow a change of the account: ends them, or shows the new profile. May be repeated. */
export type FollowChange = (change: AccountChange) => Promise<void>;

/** Dependencies of {@link FollowChange}. */
export interface FollowChangeDependencies {
  readonly users: Pick<UserRepository, "find">;
  readonly sessions: Pick<SessionRepository, "endAll" | "showAccount">;
  readonly changes: Pick<AccountChangeRepository, "finish">;
}

/** Creates what follows a change. */
export function createFollowChange({ users, sessions, changes }: FollowChangeDependencies): FollowChange {
  return async (change) => {
    const { userUuid, generation, endsSessions, kept } = change;
    if (endsSessions) await sessions.endAll(userUuid, generation, kept);
    const account = await users.find(userUuid);
    if (account !== undefined) await sessions.showAccount(account);
    await changes.finish(change);
  };
}

/** How many changes are taken up in one run. */
const BATCH = 500;

/**
 * Creates the background work that finishes changes whose request ended before it did.
 *
 * @returns Takes up no further change once `closing` is aborted.
 */
export function createFinishChanges(
  changes: Pick<AccountChangeRepository, "findUnfinished">,
  followChange: FollowChange,
): (closing: AbortSignal) => Promise<void> {
  return async (closing) => {
    for (const change of await changes.findUnfinished(BATCH)) {
      if (closing.aborted) return;
      await followChange(change);
    }
  };
}
