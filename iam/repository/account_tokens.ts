import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import type { Postgres } from "@rocket/platform/postgres";
import type { StoredToken } from "../model/account_token.ts";
import type { User } from "../model/user.ts";
import { foldedEmail } from "./users.ts";

/** Where a token is to be sent, and until when it can be used. */
export interface TokenTerms {
  readonly email: string;
  readonly expiresAt: Date;
}

/** Whose token it is. */
export type TokenHolder = Pick<User, "uuid" | "login" | "email">;

/**
 * The tokens that are mailed to owners of accounts. A change of an account uses one up: see `AccountChangeRepository`.
 * Every method throws `Unavailable` or `DeadlineExceeded` if PostgreSQL does not answer.
 */
export interface AccountTokenRepository {
  /**
   * Stores a token for the account's present e-mail address, instead of the one for the same purpose.
   *
   * @param lifetimeMs In milliseconds.
   * @returns `undefined` if there is no such account, or if it is disabled.
   */
  issue(userUuid: string, token: StoredToken, lifetimeMs: number): Promise<TokenTerms | undefined>;
  /** Finds the holder of a token that can be used now. */
  findHolder(token: StoredToken): Promise<TokenHolder | undefined>;
  /** Publishes that the user wants the e-mail address to be verified. @returns False if it is verified. */
  requestVerification(userUuid: string, event: OutboxEvent): Promise<boolean>;
  /** Deletes at most `limit` expired tokens. @returns How many it deleted. */
  forgetExpired(limit: number): Promise<number>;
}

/** Creates the token repository over IAM's database. */
export function createAccountTokenRepository(postgres: Postgres): AccountTokenRepository {
  return {
    async issue(userUuid, { purpose, digest }, lifetimeMs) {
      // The lock keeps the account from being deleted before the token refers to it.
      const [row] = await postgres.query((sql) =>
        sql<{ email: string; expires_at: Date }[]>`
          with holder as (
            select uuid, email, ${foldedEmail(sql)} as folded from users
            where uuid = ${userUuid} and disabled_at is null
            for key share
          )
          insert into account_tokens (user_uuid, purpose, digest, email, expires_at)
          select uuid, ${purpose}, ${digest}, folded, now() + ${lifetimeMs}::bigint * interval '1 millisecond'
          from holder
          on conflict (user_uuid, purpose) do update
            set digest = excluded.digest, email = excluded.email, expires_at = excluded.expires_at
          returning (select email from holder), expires_at`
      );
      return row && { email: row.email, expiresAt: row.expires_at };
    },

    async findHolder({ purpose, digest }) {
      const [row] = await postgres.query((sql) =>
        sql<{ uuid: string; login: string; email: string }[]>`
          select users.uuid, users.login, users.email
          from account_tokens join users on users.uuid = account_tokens.user_uuid
          where digest = ${digest} and purpose = ${purpose} and expires_at > now()
            and account_tokens.email = ${foldedEmail(sql)} and disabled_at is null`
      );
      return row;
    },

    async requestVerification(userUuid, event) {
      const published = await postgres.query((sql) =>
        sql`${
          insertEvent(sql, event, sql`from users where uuid = ${userUuid} and email_verified_at is null`)
        } returning 1`
      );
      return published.length > 0;
    },

    async forgetExpired(limit) {
      const forgotten = await postgres.query((sql) =>
        sql`delete from account_tokens where digest = any (array(
              select digest from account_tokens where expires_at <= now()
              order by expires_at limit ${limit} for update skip locked))
            returning 1`
      );
      return forgotten.length;
    },
  };
}
