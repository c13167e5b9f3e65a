import type { Fragment, PendingQuery, Row, Sql } from "postgres";
import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import { brokenUniqueConstraint, type Postgres } from "@rocket/platform/postgres";
import type { StoredToken } from "../model/account_token.ts";
import { foldEmail } from "../model/email.ts";
import { EmailTaken } from "../model/failures.ts";
import type { Profile } from "../model/user.ts";
import { foldedEmail, toJson } from "./users.ts";

/** A change of an account that its sessions do not show yet. */
export interface AccountChange {
  readonly userUuid: string;
  /** The account's generation as of the change: a login that began before it opens no session. */
  readonly generation: number;
  readonly endsSessions: boolean;
  /** The digest of the session that goes on although the others end. */
  readonly kept: string | undefined;
}

/**
 * Changes of accounts. One statement changes the account, raises its generation, writes the event to the outbox, and
 * notes the change as unfinished, so that a crash at any moment leaves no session behind that should have ended. A change
 * that ends sessions also ends the account's token for a password reset.
 *
 * Those that change an account return `undefined` if it has been deleted. Every method throws `Unavailable` or
 * `DeadlineExceeded` if PostgreSQL does not answer.
 */
export interface AccountChangeRepository {
  /**
   * Changes nothing, and returns `undefined`, also if the password has been changed since it was confirmed.
   *
   * @param hash What the confirmed password matches.
   * @param kept The digest of the session that goes on.
   */
  changePassword(
    userUuid: string,
    hash: string,
    newHash: string,
    kept: string,
    event: OutboxEvent,
  ): Promise<AccountChange | undefined>;
  /**
   * Uses a token up, and ends all sessions.
   *
   * @returns `undefined`, and changes nothing, if the token can't be used, or not any more.
   */
  resetPassword(
    userUuid: string,
    token: StoredToken,
    newHash: string,
    event: OutboxEvent,
  ): Promise<AccountChange | undefined>;
  /** Uses a token up. @returns `undefined`, and changes nothing, if it can't be used, or not any more. */
  verifyEmail(userUuid: string, token: StoredToken, event: OutboxEvent): Promise<AccountChange | undefined>;
  /** Fields that are absent stay as they are; another e-mail address is not verified. @throws {EmailTaken} also if another account wins the race. */
  updateProfile(
    userUuid: string,
    profile: Partial<Profile>,
    event: OutboxEvent,
  ): Promise<AccountChange | undefined>;
  deleteAccount(userUuid: string, event: OutboxEvent): Promise<AccountChange | undefined>;
  /** Disables the account; one that is disabled already keeps its date. */
  disable(userUuid: string, event: OutboxEvent): Promise<AccountChange | undefined>;
  /** Changes nothing but the generation. @param kept The digest of a session that goes on, if one does. */
  endSessions(userUuid: string, event: OutboxEvent, kept?: string): Promise<AccountChange | undefined>;
  /**
   * Takes changes whose request ended without finishing them, those that have waited longest for another try. Changes
   * that another replica takes are skipped, so any number of replicas may do this at once.
   *
   * @param againAfterMs How long from now they are not taken again, in milliseconds.
   */
  takeUnfinished(limit: number, againAfterMs: number): Promise<readonly AccountChange[]>;
  /** Notes that all sessions follow a change. */
  finish(change: AccountChange): Promise<void>;
}

interface ChangeRow {
  readonly user_uuid: string;
  readonly generation: number;
  readonly ends_sessions: boolean;
  readonly kept: string | null;
}

/** Creates the repository of changes over IAM's database. */
export function createAccountChangeRepository(postgres: Postgres): AccountChangeRepository {
  /**
   * Runs the statement that changes an account, and writes the event and notes the change in the same one.
   *
   * @param change Returns the account's `uuid` and its new `generation`.
   * @param before What the change depends on, followed by a comma.
   */
  async function apply(
    change: (sql: Sql) => PendingQuery<Row[]>,
    event: OutboxEvent,
    endsSessions: boolean,
    kept?: string,
    before: (sql: Sql) => Fragment = (sql) => sql``,
  ): Promise<AccountChange | undefined> {
    const [row] = await postgres.query((sql) =>
      sql<ChangeRow[]>`
        with ${before(sql)} changed as (${change(sql)}),
          published as (${insertEvent(sql, event, sql`from changed`)}),
          forgotten as (
            delete from account_tokens using changed
            where user_uuid = changed.uuid and purpose = 'reset_password' and ${endsSessions}::boolean
          )
        insert into account_changes (user_uuid, generation, ends_sessions, kept)
        select uuid, generation, ${endsSessions}::boolean, ${kept ?? null}::text from changed
        returning user_uuid, generation::float8, ends_sessions, kept`
    );
    return row && toChange(row);
  }

  return {
    changePassword(userUuid, hash, newHash, kept, event) {
      const change = (sql: Sql) =>
        sql`
          update users
          set password_hash = ${newHash}, session_generation = session_generation + 1, updated_at = now()
          where uuid = ${userUuid} and password_hash = ${hash}
          returning uuid, session_generation as generation`;
      return apply(change, event, true, kept);
    },

    resetPassword(userUuid, token, newHash, event) {
      const change = (sql: Sql) =>
        sql`
          update users
          set password_hash = ${newHash}, session_generation = session_generation + 1, updated_at = now()
          from redeemed where users.uuid = redeemed.user_uuid
          returning users.uuid, session_generation as generation`;
      return apply(change, event, true, undefined, (sql) => redeem(sql, userUuid, token));
    },

    verifyEmail(userUuid, token, event) {
      const change = (sql: Sql) =>
        sql`
          update users set
            email_verified_at = coalesce(email_verified_at, now()),
            session_generation = session_generation + 1,
            updated_at = now()
          from redeemed where users.uuid = redeemed.user_uuid
          returning users.uuid, session_generation as generation`;
      return apply(change, event, false, undefined, (sql) => redeem(sql, userUuid, token));
    },

    async updateProfile(userUuid, { email, notificationMethods }, event) {
      const change = (sql: Sql) =>
        sql`
          update users set
            email = coalesce(${email?.text ?? null}, email),
            email_ascii = coalesce(${email?.ascii ?? null}, email_ascii),
            email_verified_at = case
              when coalesce(${email === undefined ? null : foldEmail(email)}, ${foldedEmail(sql)})
                = ${foldedEmail(sql)} then email_verified_at
            end,
            notification_methods = coalesce(
              ${notificationMethods === undefined ? null : sql.json(notificationMethods.map(toJson))},
              notification_methods
            ),
            session_generation = session_generation + 1,
            updated_at = now()
          where uuid = ${userUuid}
          returning uuid, session_generation as generation`;
      try {
        return await apply(change, event, false);
      } catch (error) {
        if (brokenUniqueConstraint(error) === "users_email_key") throw new EmailTaken();
        throw error;
      }
    },

    deleteAccount(userUuid, event) {
      const change = (sql: Sql) =>
        sql`delete from users where uuid = ${userUuid} returning uuid, session_generation + 1 as generation`;
      return apply(change, event, true);
    },

    disable(userUuid, event) {
      const change = (sql: Sql) =>
        sql`
          update users
          set disabled_at = coalesce(disabled_at, now()), session_generation = session_generation + 1
          where uuid = ${userUuid}
          returning uuid, session_generation as generation`;
      return apply(change, event, true);
    },

    endSessions(userUuid, event, kept) {
      const change = (sql: Sql) =>
        sql`
          update users set session_generation = session_generation + 1 where uuid = ${userUuid}
          returning uuid, session_generation as generation`;
      return apply(change, event, true, kept);
    },

    async takeUnfinished(limit, againAfterMs) {
      const rows = await postgres.query((sql) =>
        sql<ChangeRow[]>`
          update account_changes set retry_at = now() + ${againAfterMs}::bigint * interval '1 millisecond'
          where ctid = any (array(
            select ctid from account_changes where retry_at <= now()
            order by retry_at limit ${limit} for update skip locked))
          returning user_uuid, generation::float8, ends_sessions, kept`
      );
      return rows.map(toChange);
    },

    async finish({ userUuid, generation }) {
      await postgres.query((sql) =>
        sql`delete from account_changes where user_uuid = ${userUuid} and generation = ${generation}`
      );
    },
  };
}

/**
 * Deletes the token of a user, if it can be used, for a change to depend on. The user's row is locked first, in the same
 * order as by the other changes. Of two that use one token, the second waits, and finds it gone.
 */
function redeem(sql: Sql, userUuid: string, { purpose, digest }: StoredToken): Fragment {
  return sql`
    holder as (
      select uuid, ${foldedEmail(sql)} as email from users
      where uuid = ${userUuid} and disabled_at is null
      for no key update
    ),
    redeemed as (
      delete from account_tokens using holder
      where user_uuid = holder.uuid and account_tokens.email = holder.email
        and digest = ${digest} and purpose = ${purpose} and expires_at > now()
      returning user_uuid
    ),`;
}

function toChange({ user_uuid, generation, ends_sessions, kept }: ChangeRow): AccountChange {
  return { userUuid: user_uuid, generation, endsSessions: ends_sessions, kept: kept ?? undefined };
}
