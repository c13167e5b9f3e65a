import type { Fragment, Sql } from "postgres";
import { currentRequest } from "../core/request_context.ts";

/** Where an event goes, and what it is. */
export interface EventAddress {
  /** E.g. `order.paid`. */
  readonly topic: string;
  /** What the event is about: events of one topic and key are sent on in the order in which they were written. */
  readonly key: string;
  /** The full name of the message that the payload encodes, e.g. `events.v1.OrderPaid`. */
  readonly eventType: string;
}

/** An encoded event for the outbox. */
export interface OutboxEvent extends EventAddress {
  readonly eventUuid: string;
  readonly payload: Uint8Array;
  /** Of the request that caused it; `null` if none did. */
  readonly requestId: string | null;
}

/** Creates an event that the current request causes. @param encode Encodes the message with the event's UUID. */
export function createOutboxEvent(
  address: EventAddress,
  encode: (eventUuid: string) => Uint8Array,
): OutboxEvent {
  const eventUuid = crypto.randomUUID();
  return {
    ...address,
    eventUuid,
    payload: encode(eventUuid),
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

/** Writes events that no other statement is about, one at least. */
export function insertEvents(sql: Sql, events: readonly OutboxEvent[]): Fragment {
  const rows = events.map(({ eventUuid, topic, key, eventType, payload, requestId }) => ({
    event_uuid: eventUuid,
    topic,
    key,
    event_type: eventType,
    payload,
    request_id: requestId,
  }));
  return sql`insert into outbox ${sql(rows)}`;
}
