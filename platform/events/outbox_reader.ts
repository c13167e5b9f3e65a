import type { KafkaProducer } from "../kafka/producer.ts";
import type { Postgres } from "../postgres/postgres.ts";
import { eventHeaders } from "./headers.ts";

/** The events in an outbox that have not been sent. */
export interface OutboxReader {
  /**
   * Sends the oldest events and marks them as sent, unless another replica is doing so: two at once would mix up the
   * order of events of one key.
   *
   * @param source The service whose events they are.
   * @param limitMs How long this may take, in milliseconds.
   * @returns How many it sent, at most `limit`.
   * @throws what the producer throws, once that a try failed is noted; and as `Postgres.transaction` does.
   */
  sendUnsent(
    limit: number,
    source: string,
    producer: Pick<KafkaProducer, "send">,
    limitMs: number,
  ): Promise<number>;
}

interface Row {
  readonly event_uuid: string;
  readonly topic: string;
  readonly key: string;
  readonly event_type: string;
  readonly payload: Uint8Array;
  readonly request_id: string | null;
  readonly traceparent: string | null;
  readonly created_at: Date;
}

/** Creates the reader of the outbox in a service's database. */
export function createOutboxReader(postgres: Postgres): OutboxReader {
  return {
    async sendUnsent(limit, source, producer, limitMs) {
      const outcome = await postgres.transaction(async (sql) => {
        const [lock] = await sql<[{ is_ours: boolean }]>`
          select pg_try_advisory_xact_lock(4711004, 0) as is_ours`;
        if (!lock.is_ours) return { sent: 0 };
        // Not from where the last batch ended: an event may be committed after one with a higher id.
        const rows = await sql<Row[]>`
          select event_uuid, topic, key, event_type, payload, request_id, traceparent, created_at
          from outbox where sent_at is null order by id limit ${limit}`;
        if (rows.length === 0) return { sent: 0 };
        const uuids = rows.map(({ event_uuid }) => event_uuid);
        try {
          await producer.send(rows.map((row) => toRecord(row, source)));
        } catch (error) {
          await sql`update outbox set attempt = attempt + 1 where event_uuid = any (${uuids})`;
          return { error };
        }
        await sql`update outbox set attempt = attempt + 1, sent_at = now() where event_uuid = any (${uuids})`;
        return { sent: rows.length };
      }, limitMs);
      if ("error" in outcome) throw outcome.error;
      return outcome.sent;
    },
  };
}

function toRecord(row: Row, source: string) {
  const headers = eventHeaders({
    eventUuid: row.event_uuid,
    eventType: row.event_type,
    source,
    at: row.created_at,
    requestId: row.request_id,
    traceparent: row.traceparent,
  });
  return { topic: row.topic, key: row.key, value: row.payload, headers };
}
