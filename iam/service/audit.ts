import { Buffer } from "node:buffer";
import { currentRequest } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";

/** What happens to accounts and sessions, and the words for it in the log. */
const EVENTS = {
  registered: "user registered",
  login_succeeded: "session opened",
  login_refused: "login refused",
  password_refused: "password not confirmed",
  password_changed: "password changed",
  profile_changed: "profile changed",
  throttled: "too many attempts",
  logged_out: "session ended by its owner",
  sessions_revoked: "sessions ended",
  account_disabled: "account disabled",
  account_enabled: "account enabled",
  account_deleted: "account deleted",
} as const;

/** An event of an account or a session. */
export interface AuditEvent {
  readonly kind: keyof typeof EVENTS;
  /** Absent if no account has the login. */
  readonly userUuid?: string | undefined;
  /** The digest of the session, if the event is about one. */
  readonly session?: string;
  /** The class of the reason, or who did it if not the owner; never what the client sent. */
  readonly detail?: string;
}

/** Records an event for those who look into it later. */
export type Audit = (event: AuditEvent) => void;

/**
 * Creates an audit that writes one log line an event, with `audit: true` (OWASP ASVS 16.3.1). No line has a password or
 * a session's identifier: the first 8 hexadecimal digits of its digest name a session.
 */
export function createAudit(log: Logger): Audit {
  return ({ kind, userUuid, session, detail }) => {
    const digits = session && Buffer.from(session, "base64url").toString("hex").slice(0, 8);
    const address = currentRequest()?.client?.address;
    log.info(
      { audit: true, event: kind, user_uuid: userUuid, session: digits, address, detail },
      EVENTS[kind],
    );
  };
}
