import { inBatches, outsideRequestDeadline } from "@rocket/platform/core";
import type { AccountChange, AccountChangeRepository } from "../repository/account_changes.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { UserRepository } from "../repository/users.ts";

/**
 * Makes a user's sessions follow a change of the account: ends them, or shows the new profile. May be repeated. Goes on
 * after the request's deadline, as the account has changed already.
 */
export type FollowChange = (change: AccountChange) => Promise<void>;

/** Dependencies of {@link FollowChange}. */
export interface FollowChangeDependencies {
  readonly users: Pick<UserRepository, "find">;
  readonly sessions: Pick<SessionRepository, "endAll" | "showAccount">;
  readonly changes: Pick<AccountChangeRepository, "finish">;
}

/** Creates what follows a change. */
export function createFollowChange({ users, sessions, changes }: FollowChangeDependencies): FollowChange {
  async function follow(change: AccountChange): Promise<void> {
    const { userUuid, generation, endsSessions, kept } = change;
    if (endsSessions) await sessions.endAll(userUuid, generation, kept);
    const account = await users.find(userUuid);
    if (account !== undefined) await sessions.showAccount(account);
    await changes.finish(change);
  }

  return (change) => outsideRequestDeadline(() => follow(change));
}

/** How many changes are taken up at a time. */
const BATCH = 500;

/** After how long a change is taken up again if it was not finished, in milliseconds. */
const RETRY_AFTER_MS = 10_000;

/**
 * Creates the background work that finishes changes whose request ended before it did.
 *
 * @returns Takes up no further change once `closing` is aborted. Throws an `AggregateError` of the changes that failed,
 * after it has tried the others: a part of a cluster that is down does not delay the others.
 */
export function createFinishChanges(
  changes: Pick<AccountChangeRepository, "takeUnfinished">,
  followChange: FollowChange,
): (closing: AbortSignal) => Promise<void> {
  return async (closing) => {
    const failures: unknown[] = [];
    const take = (limit: number) => changes.takeUnfinished(limit, RETRY_AFTER_MS);
    const finish = async (change: AccountChange) => {
      try {
        await followChange(change);
      } catch (error) {
        failures.push(error);
      }
    };
    await inBatches(BATCH, take, finish, closing);
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} changes not finished`);
  };
}
