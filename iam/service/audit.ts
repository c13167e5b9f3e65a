import type { OutboxEvent } from "@rocket/platform/outbox";
import type { Logger } from "@rocket/platform/log";
import type { PublishNote } from "./publish_notes.ts";
import {
  type ChangeKind,
  type EventFacts,
  type NoteKind,
  type RecordedEvent,
  recordEvent,
  toOutboxEvent,
} from "./recorded_event.ts";

/** The words for each kind of event in the log. */
const WORDS: Readonly<Record<ChangeKind | NoteKind, string>> = {
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
  password_reset_requested: "password reset requested",
  email_verification_requested: "e-mail verification requested",
  email_verified: "e-mail verified",
};

/** A change of an account. */
export interface AuditedChange extends EventFacts {
  readonly kind: ChangeKind;
  readonly userUuid: string;
}

/** An event that is no change of an account. */
export interface AuditedNote extends EventFacts {
  readonly kind: NoteKind;
  /** Absent if no account has the login, or if it was not looked up. */
  readonly userUuid?: string | undefined;
  /** The login that the client sent, if it was not looked up. The log does not have it: it may be a password. */
  readonly sentLogin?: string | undefined;
}

/**
 * Records what happens to accounts and sessions. The log line, with `audit: true` (OWASP ASVS 16.3.1), and the event for
 * other services are made from one record. Those without an account are logged only.
 */
export interface Audit {
  /**
   * Makes a change of an account, and logs it if it was made.
   *
   * @param make Makes the change, and writes its event in the same statement; `undefined` if nothing was changed.
   */
  change<Change>(
    event: AuditedChange,
    make: (event: OutboxEvent) => Promise<Change | undefined>,
  ): Promise<Change | undefined>;
  /** Logs an event, and has it published without making the caller wait. */
  note(event: AuditedNote): void;
}

/** Creates the audit. */
export function createAudit(log: Logger, publish: PublishNote): Audit {
  return {
    change: createAuditChange(log),
    note({ userUuid, sentLogin, ...facts }) {
      const event = recordEvent(facts);
      write(log, event, userUuid);
      publish({ ...event, kind: facts.kind, userUuid, sentLogin });
    },
  };
}

/** Creates the audit of changes alone. */
export function createAuditChange(log: Logger): Audit["change"] {
  return async ({ userUuid, ...facts }, make) => {
    const event = recordEvent(facts);
    const change = await make(toOutboxEvent(event, userUuid));
    if (change !== undefined) write(log, event, userUuid);
    return change;
  };
}

function write(
  log: Logger,
  { kind, session, address, detail }: RecordedEvent,
  userUuid: string | undefined,
): void {
  const facts = { event: kind, user_uuid: userUuid, session, address: address || undefined, detail };
  log.info({ audit: true, ...facts }, WORDS[kind]);
}
