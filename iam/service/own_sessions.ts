import type { CallerSession } from "@rocket/platform/auth";
import { Unauthenticated } from "@rocket/platform/core";
import { SessionNotFound } from "../model/failures.ts";
import { digestOf } from "../model/session.ts";
import type { AccountChangeRepository } from "../repository/account_changes.ts";
import type { ListedSession, SessionRepository } from "../repository/sessions.ts";
import type { Audit } from "./audit.ts";
import type { ConfirmPassword } from "./confirm_password.ts";
import type { FollowChange } from "./follow_change.ts";

/** A session in its user's list. */
export interface OwnSession extends ListedSession {
  /** Whether it is the session that asks. */
  readonly isCurrent: boolean;
}

/**
 * What a user may do with their own sessions (OWASP ASVS 7.5.2). Those that check a password throw `WrongPassword`,
 * `Unauthenticated` if the account has been deleted, and `ResourceExhausted` if too many passwords wait to be checked.
 */
export interface OwnSessions {
  /** Lists the live ones, the newest first. */
  list(session: CallerSession): Promise<readonly OwnSession[]>;
  /**
   * Ends one; any but the one that asks takes the password.
   *
   * @param digest As the list has it.
   * @throws {SessionNotFound}
   */
  end(session: CallerSession, digest: string, password: string): Promise<void>;
  /** Ends all but the one that asks, and those that logins are about to open. */
  endOthers(session: CallerSession, password: string): Promise<void>;
}

/** Dependencies of {@link OwnSessions}. */
export interface OwnSessionsDependencies {
  readonly sessions: Pick<SessionRepository, "list" | "endOne">;
  readonly changes: Pick<AccountChangeRepository, "endSessions">;
  readonly confirmPassword: ConfirmPassword;
  readonly followChange: FollowChange;
  readonly audit: Audit;
}

/** Creates the use cases of a user's own sessions. */
export function createOwnSessions(
  { sessions, changes, confirmPassword, followChange, audit }: OwnSessionsDependencies,
): OwnSessions {
  return {
    async list({ userUuid, sessionUuid }) {
      const current = digestOf(sessionUuid);
      const listed = await sessions.list(userUuid);
      return listed
        .filter(({ session }) => session.expiresAt.getTime() > Date.now())
        .map((each) => ({ ...each, isCurrent: each.digest === current }))
        .toSorted((a, b) => b.session.createdAt.getTime() - a.session.createdAt.getTime());
    },

    async end({ userUuid, sessionUuid }, digest, password) {
      if (digest !== digestOf(sessionUuid)) await confirmPassword(userUuid, password);
      if (!await sessions.endOne(userUuid, digest)) throw new SessionNotFound();
      audit.note({ kind: "logged_out", userUuid, session: digest });
    },

    async endOthers({ userUuid, sessionUuid }, password) {
      await confirmPassword(userUuid, password);
      const change = await audit.change(
        { kind: "sessions_revoked", userUuid, detail: "all others" },
        (event) => changes.endSessions(userUuid, event, digestOf(sessionUuid)),
      );
      if (change === undefined) throw new Unauthenticated();
      await followChange(change);
    },
  };
}
