import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import type { Postgres } from "@rocket/platform/postgres";
import type { BuiltShip, Ship } from "../model/ship.ts";

/**
 * The ships, in PostgreSQL. Every method is one statement, safe to repeat and for any number of replicas at once, and
 * throws `Unavailable` or `DeadlineExceeded` if it does not answer.
 */
export interface ShipRepository {
  /**
   * Adds a ship that an event asks for, once for each event and each order.
   *
   * @param buildMs How long its assembly will take, in milliseconds.
   * @returns Whether this call added it.
   */
  add(ship: Ship, buildMs: number, eventUuid: string): Promise<boolean>;
  /** Begins work on the ships that have waited longest. @param atOnce How many may be in work at once, in all. */
  begin(atOnce: number): Promise<void>;
  /** Lists ships whose assembly has ended, at most `limit`. */
  listBuilt(limit: number): Promise<readonly BuiltShip[]>;
  /** Marks a ship as assembled and writes the event that says so. @returns Whether this call did. */
  finish(orderUuid: string, event: OutboxEvent): Promise<boolean>;
  /** How long until the next assembly ends, in milliseconds; `undefined` if none is in work. */
  untilNextMs(): Promise<number | undefined>;
  /** Deletes ships that were assembled, and inbox rows that were received, so long ago. @returns How many. */
  forgetOld(keptMs: number, limit: number): Promise<number>;
}

/** Creates the repository on assembly's database. */
export function createShipRepository(postgres: Postgres): ShipRepository {
  return {
    async add({ orderUuid, userUuid }, buildMs, eventUuid) {
      const added = await postgres.query((sql) =>
        sql`with received as (
              insert into inbox (event_uuid) values (${eventUuid}) on conflict do nothing returning event_uuid)
            insert into ships (order_uuid, user_uuid, build_ms)
            select ${orderUuid}, ${userUuid}, ${buildMs}::int from received
            on conflict do nothing returning order_uuid`
      );
      return added.length > 0;
    },

    async begin(atOnce) {
      await postgres.query((sql) =>
        sql`update ships set begun_at = now(), due_at = now() + build_ms * interval '1 millisecond'
            where order_uuid = any (array(
              select order_uuid from ships where begun_at is null
              order by ordered_at
              limit greatest(0, ${atOnce}::int - (select in_work from lock_ships_in_work()))
              for update skip locked))`
      );
    },

    async listBuilt(limit) {
      const rows = await postgres.query((sql) =>
        sql<{ order_uuid: string; user_uuid: string; built_for_ms: number }[]>`
          select order_uuid, user_uuid,
            (extract(epoch from now() - begun_at) * 1000)::double precision as built_for_ms
          from ships where begun_at is not null and assembled_at is null and due_at <= now()
          order by due_at limit ${limit}`
      );
      return rows.map((row) => ({
        orderUuid: row.order_uuid,
        userUuid: row.user_uuid,
        builtForMs: row.built_for_ms,
      }));
    },

    async finish(orderUuid, event) {
      const finished = await postgres.query((sql) =>
        sql`with finished as (
              update ships set assembled_at = now()
              where order_uuid = ${orderUuid} and begun_at is not null and assembled_at is null
              returning order_uuid),
            noted as (${insertEvent(sql, event, sql`from finished`)})
            select order_uuid from finished`
      );
      return finished.length > 0;
    },

    async untilNextMs() {
      const [row] = await postgres.query((sql) =>
        sql<[{ readonly ms: number | null }]>`
          select (extract(epoch from min(due_at) - now()) * 1000)::double precision as ms
          from ships where begun_at is not null and assembled_at is null`
      );
      return row.ms ?? undefined;
    },

    async forgetOld(keptMs, limit) {
      const [row] = await postgres.query((sql) =>
        sql<[{ readonly count: number }]>`
          with old as (select now() - ${keptMs}::bigint * interval '1 millisecond' as until),
          ships_forgotten as (
            delete from ships where order_uuid = any (array(
              select order_uuid from ships where assembled_at <= (select until from old)
              order by assembled_at limit ${limit} for update skip locked))
            returning 1),
          inbox_forgotten as (
            delete from inbox where event_uuid = any (array(
              select event_uuid from inbox where received_at <= (select until from old)
              order by received_at limit ${limit} for update skip locked))
            returning 1)
          select greatest((select count(*) from ships_forgotten), (select count(*) from inbox_forgotten))::int
            as count`
      );
      return row.count;
    },
  };
}
