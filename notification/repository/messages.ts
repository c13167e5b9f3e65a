import type { Postgres } from "@rocket/platform/postgres";
import type { Message, MessageKind } from "../model/message.ts";

/**
 * The messages, in PostgreSQL. Every method is one statement, safe for any number of replicas at once, and throws
 * `Unavailable` or `DeadlineExceeded` if it does not answer.
 */
export interface MessageRepository {
  /** Adds a message, once for each event. @returns Whether this call added it. */
  add(message: Message): Promise<boolean>;
  /**
   * Takes messages that are due, so that no other replica does.
   *
   * @param againAfterMs When they are due again unless they are ended, in milliseconds from now.
   */
  take(limit: number, againAfterMs: number): Promise<readonly TakenMessage[]>;
  /** Puts a message off. */
  putOff(eventUuid: string, ms: number): Promise<void>;
  /** Ends a message: it was delivered to everybody who takes it, or given up. */
  end(eventUuid: string): Promise<void>;
  /** Those of the addresses that need nothing more: it was delivered there, or they have refused a message. */
  settled(eventUuid: string, addressDigests: readonly string[]): Promise<readonly string[]>;
  /** Notes that a message was delivered. */
  noteDelivery(eventUuid: string, addressDigest: string): Promise<void>;
  /** Notes that an address refuses messages. */
  noteRefusal(addressDigest: string): Promise<void>;
  /** How long until the next message is due, in milliseconds; `undefined` if none waits. */
  untilNextMs(): Promise<number | undefined>;
  /** Deletes what is older, at most `limit` of each kind. @returns How many of the kind with most. */
  forgetOld(keptMs: number, limit: number): Promise<number>;
}

/** A message that is to be delivered now. */
export interface TakenMessage extends Message {
  /** How often it was taken before. */
  readonly attempt: number;
  /** How long ago its event was received, in milliseconds. */
  readonly ageMs: number;
}

interface Row {
  readonly event_uuid: string;
  readonly user_uuid: string;
  readonly kind: MessageKind;
  readonly facts: Readonly<Record<string, string>>;
  readonly attempt: number;
  readonly age_ms: number;
}

/** Creates the repository on notification's database. */
export function createMessageRepository(postgres: Postgres): MessageRepository {
  return {
    async add({ eventUuid, userUuid, kind, facts }) {
      const added = await postgres.query((sql) =>
        sql`insert into messages (event_uuid, user_uuid, kind, facts)
            values (${eventUuid}, ${userUuid}, ${kind}, ${sql.json(facts)})
            on conflict do nothing returning event_uuid`
      );
      return added.length > 0;
    },

    async take(limit, againAfterMs) {
      const rows = await postgres.query((sql) =>
        sql<Row[]>`
          update messages set attempt = attempt + 1,
            due_at = now() + ${againAfterMs}::bigint * interval '1 millisecond'
          where event_uuid = any (array(
            select event_uuid from messages where done_at is null and due_at <= now()
            order by due_at limit ${limit} for update skip locked))
          returning event_uuid, user_uuid, kind, facts, attempt - 1 as attempt,
            (extract(epoch from now() - received_at) * 1000)::double precision as age_ms`
      );
      return rows.map((row) => ({
        eventUuid: row.event_uuid,
        userUuid: row.user_uuid,
        kind: row.kind,
        facts: row.facts,
        attempt: row.attempt,
        ageMs: row.age_ms,
      }));
    },

    async putOff(eventUuid, ms) {
      await postgres.query((sql) =>
        sql`update messages set due_at = now() + ${Math.ceil(ms)}::bigint * interval '1 millisecond'
            where event_uuid = ${eventUuid} and done_at is null`
      );
    },

    async end(eventUuid) {
      await postgres.query((sql) =>
        sql`update messages set done_at = now() where event_uuid = ${eventUuid} and done_at is null`
      );
    },

    async settled(eventUuid, addressDigests) {
      const rows = await postgres.query((sql) =>
        sql<{ address_digest: string }[]>`
          select address_digest from deliveries where event_uuid = ${eventUuid}
          union select address_digest from failing_addresses
          where address_digest = any (${[...addressDigests]}::text[])`
      );
      return rows.map(({ address_digest }) => address_digest);
    },

    async noteDelivery(eventUuid, addressDigest) {
      await postgres.query((sql) =>
        sql`insert into deliveries (event_uuid, address_digest) values (${eventUuid}, ${addressDigest})
            on conflict do nothing`
      );
    },

    async noteRefusal(addressDigest) {
      await postgres.query((sql) =>
        sql`insert into failing_addresses (address_digest) values (${addressDigest}) on conflict do nothing`
      );
    },

    async untilNextMs() {
      const [row] = await postgres.query((sql) =>
        sql<[{ readonly ms: number | null }]>`
          select (extract(epoch from min(due_at) - now()) * 1000)::double precision as ms
          from messages where done_at is null`
      );
      return row.ms ?? undefined;
    },

    async forgetOld(keptMs, limit) {
      const [row] = await postgres.query((sql) =>
        sql<[{ readonly count: number }]>`
          with old as (select now() - ${keptMs}::bigint * interval '1 millisecond' as until),
          messages_forgotten as (
            delete from messages where event_uuid = any (array(
              select event_uuid from messages where received_at <= (select until from old)
              order by received_at limit ${limit} for update skip locked))
            returning 1),
          addresses_forgotten as (
            delete from failing_addresses where since <= (select until from old) returning 1)
          select count(*)::int as count from messages_forgotten`
      );
      return row.count;
    },
  };
}
