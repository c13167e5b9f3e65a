import type { Postgres } from "@rocket/platform/postgres";
import type { Message } from "../model/message.ts";

/** When a login of each user was last refused, in PostgreSQL; throws `Unavailable` or `DeadlineExceeded`. */
export interface RefusedLoginRepository {
  /** Notes that one was refused. */
  note(userUuid: string, at: Date): Promise<void>;
  /**
   * Adds a message about a login, if one was refused before it; the refusal is forgotten in the same statement, so that
   * it is reported once.
   *
   * @param withinMs How long before the login, in milliseconds.
   * @returns Whether it was added.
   */
  addMessage(message: Message, loginAt: Date, withinMs: number): Promise<boolean>;
  /** Forgets those that are older. */
  forgetOld(keptMs: number): Promise<void>;
}

/** Creates the repository on notification's database. */
export function createRefusedLoginRepository(postgres: Postgres): RefusedLoginRepository {
  return {
    async note(userUuid, at) {
      await postgres.query((sql) =>
        sql`insert into refused_logins (user_uuid, at) values (${userUuid}, ${at})
            on conflict (user_uuid) do update set at = greatest(refused_logins.at, excluded.at)`
      );
    },
    async addMessage({ eventUuid, userUuid, kind, facts }, loginAt, withinMs) {
      const added = await postgres.query((sql) =>
        sql`with taken as (
              delete from refused_logins where user_uuid = ${userUuid} and at <= ${loginAt}
                and at > ${loginAt}::timestamptz - ${withinMs}::bigint * interval '1 millisecond'
              returning user_uuid)
            insert into messages (event_uuid, user_uuid, kind, facts)
            select ${eventUuid}, user_uuid, ${kind}, ${sql.json(facts)} from taken
            on conflict do nothing returning event_uuid`
      );
      return added.length > 0;
    },
    async forgetOld(keptMs) {
      await postgres.query((sql) =>
        sql`delete from refused_logins where at < now() - ${keptMs}::bigint * interval '1 millisecond'`
      );
    },
  };
}
