import { createHash } from "node:crypto";
import type { SessionUuid } from "@rocket/platform/auth";
import type { Account } from "./user.ts";

/**
 * A session as it is stored: everything except its identifier, which only the client has. The account is as of the login
 * or its latest change, so that `Whoami` needs only one look-up.
 */
export interface Session extends Account {
  /** The account's generation when its login began, which no later change of the account alters. */
  readonly openedIn: number;
  readonly createdAt: Date;
  /** When it was last used, to within {@linkcode SEEN_EVERY_MS}. */
  readonly lastSeenAt: Date;
  /** What the client that logged in called itself, at most {@linkcode MAX_USER_AGENT} characters; may be empty. */
  readonly userAgent: string;
  /** The IP address that the user logged in from; empty if it is not known. */
  readonly address: string;
  /** When the session ends, however much it is used. ASVS 7.3.2. */
  readonly expiresAt: Date;
}

/** A live session with its identifier. */
export interface LiveSession extends Session {
  readonly uuid: SessionUuid;
}

/** How often a session that is used notes when, in milliseconds. */
export const SEEN_EVERY_MS = 60_000;

/** The most UTF-16 units of a user agent that a session keeps, so that no session is large. */
export const MAX_USER_AGENT = 128;

/** Names a session to everybody but its owner: 122 random bits can't be found from their digest. */
export function digestOf(sessionUuid: SessionUuid): string {
  return createHash("sha256").update(sessionUuid).digest("base64url");
}
