import { Buffer } from "node:buffer";
import { currentRequest } from "@rocket/platform/core";
import { encodeEvent, type OutboxEvent } from "@rocket/platform/outbox";
import { AccountEventKind, IAM_ACCOUNT } from "@rocket/proto/events";
import { currentClient } from "./current_client.ts";

/** The kinds that a statement of PostgreSQL writes, with the change of the account if it is one. */
const CHANGES = {
  registered: AccountEventKind.ACCOUNT_EVENT_KIND_REGISTERED,
  password_changed: AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_CHANGED,
  profile_changed: AccountEventKind.ACCOUNT_EVENT_KIND_PROFILE_CHANGED,
  sessions_revoked: AccountEventKind.ACCOUNT_EVENT_KIND_SESSIONS_REVOKED,
  account_disabled: AccountEventKind.ACCOUNT_EVENT_KIND_DISABLED,
  account_enabled: AccountEventKind.ACCOUNT_EVENT_KIND_ENABLED,
  account_deleted: AccountEventKind.ACCOUNT_EVENT_KIND_DELETED,
  password_reset_requested: AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_RESET_REQUESTED,
  email_verification_requested: AccountEventKind.ACCOUNT_EVENT_KIND_EMAIL_VERIFICATION_REQUESTED,
  email_verified: AccountEventKind.ACCOUNT_EVENT_KIND_EMAIL_VERIFIED,
} as const;

/** The kinds of what happens beside PostgreSQL, as often as clients like. */
const NOTES = {
  login_succeeded: AccountEventKind.ACCOUNT_EVENT_KIND_LOGIN_SUCCEEDED,
  login_refused: AccountEventKind.ACCOUNT_EVENT_KIND_LOGIN_REFUSED,
  password_refused: AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_REFUSED,
  throttled: AccountEventKind.ACCOUNT_EVENT_KIND_THROTTLED,
  logged_out: AccountEventKind.ACCOUNT_EVENT_KIND_LOGGED_OUT,
} as const;

const KINDS = { ...CHANGES, ...NOTES };

/** A kind of event that a statement writes. */
export type ChangeKind = keyof typeof CHANGES;

/** A kind of event that no statement writes. */
export type NoteKind = keyof typeof NOTES;

/** What happened to an account or its sessions. */
export interface EventFacts {
  readonly kind: ChangeKind | NoteKind;
  /** The digest of the session, if the event is about one. */
  readonly session?: string;
  /** The class of the reason, or who did it if not the owner; never what the client sent. */
  readonly detail?: string;
}

/** An event as the log and the outbox have it. It has no password, and no session's identifier. */
export interface RecordedEvent {
  readonly kind: ChangeKind | NoteKind;
  readonly eventUuid: string;
  readonly at: Date;
  readonly requestId: string | null;
  /** The client's IP address; empty if there is none, or if it is not known. */
  readonly address: string;
  readonly userAgent: string;
  /** The first 8 hexadecimal digits of the session's digest. */
  readonly session: string | undefined;
  readonly detail: string | undefined;
}

/** Records an event of the current request. */
export function recordEvent({ kind, session, detail }: EventFacts): RecordedEvent {
  return {
    kind,
    eventUuid: crypto.randomUUID(),
    at: new Date(),
    requestId: currentRequest()?.requestId ?? null,
    ...currentClient(),
    session: session && Buffer.from(session, "base64url").toString("hex").slice(0, 8),
    detail,
  };
}

/** Encodes an event of a user for other services. */
export function toOutboxEvent(event: RecordedEvent, userUuid: string): OutboxEvent {
  const { eventUuid, kind, at, requestId, address, userAgent, session, detail } = event;
  const words = [session === undefined ? [] : `session ${session}`, detail ?? []].flat().join(", ");
  const message = { eventUuid, userUuid, kind: KINDS[kind], at, address, userAgent, detail: words };
  // Its request may be over.
  return { ...encodeEvent(IAM_ACCOUNT, message), requestId };
}
