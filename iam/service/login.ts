import { createSessionUuid, parseSessionUuid, type SessionUuid } from "@rocket/platform/auth";
import { DeadlineExceeded, isAbandoned, ResourceExhausted } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import { AccountChangedMeanwhile, WrongCredentials } from "../model/failures.ts";
import { parseLogin } from "../model/login.ts";
import { normalizeCandidate, type Password } from "../model/password.ts";
import { digestOf } from "../model/session.ts";
import type { Account } from "../model/user.ts";
import type { SessionRepository } from "../repository/sessions.ts";
import type { Credentials, UserRepository } from "../repository/users.ts";
import type { Audit } from "./audit.ts";
import { currentClient } from "./current_client.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import type { Throttle } from "./throttle.ts";

/**
 * Checks a login and its password, and opens a session. One that the client brings along ends (OWASP ASVS 7.2.4).
 *
 * @param brought The identifier of the session that the client had, if it sent one.
 * @returns The session's identifier, and when it expires.
 * @throws {WrongCredentials} if the login is unknown, the password is wrong or the account disabled, at the same cost.
 * @throws {ResourceExhausted} if too many passwords wait to be checked, or too many were wrong.
 * @throws {DeadlineExceeded} if the request is abandoned before the session is opened.
 * @throws {AccountChangedMeanwhile} if the account is changed, e.g. its password, before the session is opened.
 */
export type LogIn = (login: string, password: string, brought?: string) => Promise<OpenedSession>;

/** A session that was just opened. */
export interface OpenedSession {
  readonly sessionUuid: SessionUuid;
  readonly expiresAt: Date;
}

/** Dependencies of {@link LogIn}. */
export interface LoginDependencies {
  readonly users: Pick<UserRepository, "lookUpLogin" | "replaceHash">;
  readonly sessions: Pick<SessionRepository, "open" | "end">;
  readonly hasher: PasswordHasher;
  readonly throttle: Pick<Throttle, "attempt">;
  /** Lifetime of a session from its creation, in milliseconds. */
  readonly sessionTtlMs: number;
  readonly audit: Pick<Audit, "note">;
  readonly log: Logger;
}

/** Creates the log-in use case. */
export function createLogIn(
  { users, sessions, hasher, throttle, sessionTtlMs, audit, log }: LoginDependencies,
): LogIn {
  return async (login, password, brought) => {
    const credentials = await throttle.attempt(login, () => checkPassword(login, password));
    const opened = await openSession(credentials);
    const previous = parseSessionUuid(brought);
    if (previous !== undefined) await endReplaced(previous);
    return opened;
  };

  async function endReplaced(sessionUuid: SessionUuid): Promise<void> {
    const userUuid = await sessions.end(sessionUuid);
    if (userUuid === undefined) return;
    audit.note({
      kind: "logged_out",
      userUuid,
      session: digestOf(sessionUuid),
      detail: "replaced by a login",
    });
  }

  async function checkPassword(login: string, password: string): Promise<Credentials> {
    const candidate = normalizeCandidate(password);
    // Looked up and verified in every case: an unknown or invalid login must cost as much as a wrong
    // password. ASVS 6.3.8.
    const { credentials, hashCosts } = await users.lookUpLogin(parseLogin(login));
    const isDisabled = credentials?.disabledAt !== undefined;
    // A right password is verified sooner than a wrong one is refused, so a disabled account's is not compared.
    const compared = isDisabled ? undefined : candidate;
    const isRight = await hasher.verify(credentials?.passwordHash, compared, hashCosts);
    if (credentials === undefined || candidate === undefined || !isRight) {
      const detail = credentials === undefined ? "unknown login" : isDisabled ? "disabled" : "wrong password";
      audit.note({ kind: "login_refused", userUuid: credentials?.user.uuid, detail });
      throw new WrongCredentials();
    }
    await renewHash(credentials, candidate);
    return credentials;
  }

  async function openSession({ user, generation }: Account): Promise<OpenedSession> {
    // Nobody would learn the identifier.
    if (isAbandoned()) throw new DeadlineExceeded("the login");
    const sessionUuid = createSessionUuid();
    const now = Date.now();
    const createdAt = new Date(now);
    const expiresAt = new Date(now + sessionTtlMs);
    const gaveWay = await sessions.open(sessionUuid, {
      user,
      generation,
      openedIn: generation,
      createdAt,
      lastSeenAt: createdAt,
      ...currentClient(),
      expiresAt,
    });
    if (gaveWay === undefined) throw new AccountChangedMeanwhile();
    audit.note({ kind: "login_succeeded", userUuid: user.uuid, session: digestOf(sessionUuid) });
    for (const session of gaveWay) {
      audit.note({ kind: "logged_out", userUuid: user.uuid, session, detail: "gave way to a login" });
    }
    return { sessionUuid, expiresAt };
  }

  /** Replaces a hash that was made with other parameters, now that the password is known. */
  async function renewHash({ user, passwordHash }: Credentials, password: Password): Promise<void> {
    if (!hasher.isOutdated(passwordHash)) return;
    try {
      await users.replaceHash(user.uuid, passwordHash, await hasher.hash(password));
      log.info({ user_uuid: user.uuid }, "password hash renewed");
    } catch (error) {
      // The password is right, so the login goes on; a later one renews the hash.
      if (!(error instanceof ResourceExhausted)) throw error;
      log.warn({ user_uuid: user.uuid, reason: error.reason }, "password hash not renewed");
    }
  }
}
