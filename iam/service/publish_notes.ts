import { createLocalRateLimit, type RateLimit, repeatFullBatches } from "@rocket/platform/core";
import type { Outbox } from "@rocket/platform/outbox";
import type { Logger } from "@rocket/platform/log";
import { parseLogin } from "../model/login.ts";
import type { UserRepository } from "../repository/users.ts";
import { type NoteKind, type RecordedEvent, toOutboxEvent } from "./recorded_event.ts";

/** An event that no statement writes. */
export interface Note extends RecordedEvent {
  readonly kind: NoteKind;
  readonly userUuid: string | undefined;
  /** The login that the client sent, if it was not looked up. */
  readonly sentLogin: string | undefined;
}

/** Publishes an event without making the caller wait. */
export type PublishNote = (note: Note) => void;

/** Publishes events that no statement writes. */
export interface NotePublisher {
  readonly publish: PublishNote;
  /** Writes what waits into the outbox. @throws {Unavailable | DeadlineExceeded} It then waits for the next time. */
  flush(closing: AbortSignal): Promise<void>;
  /** Writes what waits for the last time, or logs how many events are lost. */
  close(): Promise<void>;
}

/** Dependencies of {@link NotePublisher}. */
export interface NotePublisherDependencies {
  readonly outbox: Pick<Outbox, "add">;
  readonly users: Pick<UserRepository, "findUuids">;
  readonly log: Logger;
}

/** How many events wait at most, some 500 bytes each. */
const MAX_WAITING = 10_000;

/** How many are written by one statement. */
const BATCH = 500;

/** Creates the publisher of notes. */
export function createNotePublisher({ outbox, users, log }: NotePublisherDependencies): NotePublisher {
  const admitting = new Set<Promise<void>>();
  const waiting: Note[] = [];
  const limits = createLimits();
  let dropped = 0;

  async function admit(note: Note): Promise<void> {
    const verdict = await limits[note.kind].take(
      `${note.kind} ${note.userUuid ?? note.sentLogin?.toLowerCase()}`,
    );
    if (verdict?.isAllowed === false) return;
    if (waiting.length < MAX_WAITING) waiting.push(note);
    else dropped++;
  }

  async function writeBatch(size: number): Promise<number> {
    const batch = waiting.slice(0, size);
    const logins = batch.flatMap(({ sentLogin }) => parseLogin(sentLogin ?? "") ?? []);
    const uuids = logins.length === 0 ? new Map<string, string>() : await users.findUuids(logins);
    const events = batch.flatMap((note) => {
      const userUuid = note.userUuid ?? uuids.get(note.sentLogin?.toLowerCase() ?? "");
      return userUuid === undefined ? [] : [toOutboxEvent(note, userUuid)];
    });
    if (events.length > 0) await outbox.add(events);
    waiting.splice(0, batch.length);
    return batch.length;
  }

  async function flush(closing: AbortSignal): Promise<void> {
    await Promise.all(admitting);
    if (dropped > 0) log.warn({ events: dropped }, "account events dropped: too many waited");
    dropped = 0;
    await repeatFullBatches(BATCH, closing, writeBatch);
  }

  return {
    publish(note) {
      if (note.userUuid === undefined && note.sentLogin === undefined) return;
      const admitted = admit(note).finally(() => admitting.delete(admitted));
      admitting.add(admitted);
    },
    flush,
    async close() {
      try {
        await flush(new AbortController().signal);
      } catch (err) {
        log.warn({ err, events: waiting.length }, "account events lost");
      }
    },
  };
}

/**
 * How many events of one kind a user may have: enough to tell the user, and few enough that no attacker fills the
 * outbox. Counted by each replica for itself, so that a login waits for no further answer.
 */
function createLimits(): Readonly<Record<NoteKind, RateLimit>> {
  const refusals = createLocalRateLimit({ name: "refusal-events", requests: 1, windowMs: 15 * 60_000 });
  const others = createLocalRateLimit({ name: "session-events", requests: 60, windowMs: 60 * 60_000 });
  return {
    login_succeeded: others,
    logged_out: others,
    login_refused: refusals,
    password_refused: refusals,
    throttled: refusals,
  };
}
