import { UserNotFound } from "../model/failures.ts";
import type { Login } from "../model/login.ts";
import type { User } from "../model/user.ts";
import type { AccountChangeRepository } from "../repository/account_changes.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { UserRepository } from "../repository/users.ts";
import type { Audit } from "./audit.ts";
import type { FollowChange } from "./follow_change.ts";

/** An account as an operator sees it. */
export interface OperatedAccount {
  readonly user: User;
  readonly disabledAt: Date | undefined;
  readonly liveSessions: number;
}

/** What an operator may do. All that name a login throw `UserNotFound` if no account has it. */
export interface Operate {
  show(login: Login): Promise<OperatedAccount>;
  /** Ends the account's sessions, and opens none until it is enabled again (OWASP ASVS 7.4.2). */
  disable(login: Login): Promise<void>;
  enable(login: Login): Promise<void>;
  /** Ends one user's sessions (OWASP ASVS 7.4.5). */
  endSessions(login: Login): Promise<void>;
  /** Ends all users' sessions. @returns How many users there are. */
  endAllSessions(): Promise<number>;
}

/** Dependencies of {@link Operate}. */
export interface OperateDependencies {
  readonly users: Pick<UserRepository, "lookUpLogin" | "listUuids" | "enable">;
  readonly sessions: Pick<SessionRepository, "list">;
  readonly changes: Pick<AccountChangeRepository, "disable" | "endSessions">;
  readonly followChange: FollowChange;
  readonly audit: Pick<Audit, "change">;
}

/** How many users are read at a time. */
const PAGE = 1_000;

/** Who made a change, in its log line and event. */
const BY_OPERATOR = "by an operator";

/** Creates the operator's use cases. */
export function createOperate(
  { users, sessions, changes, followChange, audit }: OperateDependencies,
): Operate {
  async function find(login: Login) {
    const { credentials } = await users.lookUpLogin(login);
    if (credentials === undefined) throw new UserNotFound();
    return credentials;
  }

  /** An account that has been deleted meanwhile has no sessions. */
  async function endSessionsOf(userUuid: string, detail: string): Promise<void> {
    const change = await audit.change(
      { kind: "sessions_revoked", userUuid, detail },
      (event) => changes.endSessions(userUuid, event),
    );
    if (change !== undefined) await followChange(change);
  }

  return {
    async show(login) {
      const { user, disabledAt } = await find(login);
      const listed = await sessions.list(user.uuid);
      const live = listed.filter(({ session }) => session.expiresAt.getTime() > Date.now());
      return { user, disabledAt, liveSessions: live.length };
    },

    async disable(login) {
      const { user } = await find(login);
      const change = await audit.change(
        { kind: "account_disabled", userUuid: user.uuid, detail: BY_OPERATOR },
        (event) => changes.disable(user.uuid, event),
      );
      if (change === undefined) throw new UserNotFound();
      await followChange(change);
    },

    async enable(login) {
      const { user } = await find(login);
      const isEnabled = await audit.change(
        { kind: "account_enabled", userUuid: user.uuid, detail: BY_OPERATOR },
        async (event) => await users.enable(user.uuid, event) || undefined,
      );
      if (!isEnabled) throw new UserNotFound();
    },

    async endSessions(login) {
      const { user } = await find(login);
      await endSessionsOf(user.uuid, BY_OPERATOR);
    },

    async endAllSessions() {
      let count = 0;
      let last: string | undefined;
      while (true) {
        const page = await users.listUuids(PAGE, last);
        for (const userUuid of page) await endSessionsOf(userUuid, `of all users, ${BY_OPERATOR}`);
        count += page.length;
        last = page.at(-1);
        if (page.length < PAGE) return count;
      }
    },
  };
}
