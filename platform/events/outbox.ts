import type { Fragment, Sql } from "postgres";
import type { Topic } from "@rocket/proto/events";
import { repeatFullBatches } from "../core/batches.ts";
import { currentRequest } from "../core/request_context.ts";
import type { Logger } from "../log/logger.ts";
import type { Postgres } from "../postgres/postgres.ts";

/** An encoded event for the outbox. */
export interface OutboxEvent {
  readonly eventUuid: string;
  /** E.g. `order.paid`. */
  readonly topic: string;
  /** What the event is about: events of one topic and key are sent on in the order in which they were written. */
  readonly key: string;
  /** The full name of the message that the payload encodes, e.g. `events.v1.OrderPaid`. */
  readonly eventType: string;
  readonly payload: Uint8Array;
  /** Of the request that caused it; `null` if none did. */
  readonly requestId: string | null;
}

/** Encodes an event of the current request for the topic that carries it. */
export function encodeEvent<Event extends { readonly eventUuid: string }>(
  { name, eventType, message, keyOf }: Topic<Event>,
  event: Event,
): OutboxEvent {
  return {
    eventUuid: event.eventUuid,
    topic: name,
    key: keyOf(event),
    eventType,
    payload: message.encode(event).finish(),
    requestId: currentRequest()?.requestId ?? null,
  };
}

/**
 * Writes an event in the statement that makes the change that it is about.
 *
 * @param from One row if the change is made and none if not, e.g. `from paid`.
 */
export function insertEvent(sql: Sql, event: OutboxEvent, from: Fragment): Fragment {
  const { eventUuid, topic, key, eventType, payload, requestId } = event;
  return sql`
    insert into outbox (event_uuid, topic, key, event_type, payload, request_id)
    select ${eventUuid}, ${topic}, ${key}, ${eventType}, ${payload}, ${requestId} ${from}`;
}

/**
 * The events that wait in a service's database until they are sent on. Every method throws `Unavailable` or
 * `DeadlineExceeded` if PostgreSQL does not answer.
 */
export interface Outbox {
  /** Writes events that no other statement is about, one at least. Those that are there already are left out. */
  add(events: readonly OutboxEvent[]): Promise<void>;
  /**
   * Deletes at most `limit` events that were sent long ago. Those that another replica deletes are skipped.
   *
   * @param keptMs How long they are kept, in milliseconds.
   * @param unsentToo Deletes those that were written long ago, too: nothing sends them.
   * @returns How many it deleted.
   */
  forgetOld(keptMs: number, limit: number, unsentToo: boolean): Promise<number>;
}

/** Creates the outbox in a database that has the table. */
export function createOutbox(postgres: Postgres): Outbox {
  return {
    async add(events) {
      const rows = events.map(({ eventUuid, topic, key, eventType, payload, requestId }) => ({
        event_uuid: eventUuid,
        topic,
        key,
        event_type: eventType,
        payload,
        request_id: requestId,
      }));
      await postgres.query((sql) => sql`insert into outbox ${sql(rows)} on conflict (event_uuid) do nothing`);
    },

    async forgetOld(keptMs, limit, unsentToo) {
      const forgotten = await postgres.query((sql) =>
        sql`delete from outbox where event_uuid = any (array(
              select event_uuid from outbox
              where ${unsentToo ? sql`coalesce(sent_at, created_at)` : sql`sent_at`}
                <= now() - ${keptMs}::bigint * interval '1 millisecond'
              order by id limit ${limit} for update skip locked))
            returning 1`
      );
      return forgotten.length;
    },
  };
}

/** How long events are kept that were sent, to look at what happened, in milliseconds. */
const KEPT_MS = 7 * 86_400_000;

/** How many events are deleted at a time. */
const BATCH = 1_000;

/**
 * Creates the background work that deletes events that were sent long ago, in batches; any number of replicas may do it at once.
 *
 * @param isRelayed Whether a relay sends the events: those that wait for it are kept.
 */
export function createForgetOldEvents(
  outbox: Pick<Outbox, "forgetOld">,
  isRelayed: boolean,
  log: Logger,
): (closing: AbortSignal) => Promise<void> {
  return (closing) =>
    repeatFullBatches(BATCH, closing, async (limit) => {
      const forgotten = await outbox.forgetOld(KEPT_MS, limit, !isRelayed);
      if (forgotten > 0) log.info({ events: forgotten }, "old events forgotten");
      return forgotten;
    });
}
