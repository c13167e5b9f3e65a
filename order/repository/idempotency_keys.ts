import type { Postgres } from "@rocket/platform/postgres";
import type { Fragment, Sql } from "postgres";
import type { Claim, KeptAnswer, RequestKey } from "../model/idempotency.ts";
import { answerOf } from "./claimed_answer.ts";

/** How long an answer is kept. After that the key counts as unused. */
const KEPT_HOURS = 24;

/** The state of a key that can't be claimed. */
export type KeyInUse =
  | { readonly kind: "answered"; readonly answer: KeptAnswer }
  | { readonly kind: "under way" }
  | { readonly kind: "of another request" };

/**
 * Idempotency keys and the answers kept for them, in PostgreSQL. Every method throws `Unavailable` or
 * `DeadlineExceeded` if it does not answer.
 */
export interface IdempotencyKeyRepository {
  /**
   * Claims a key, in a transaction of its own, if it is unused, was used over 24 hours ago, or was claimed for the same
   * request and that claim expired without an answer.
   *
   * @param digest SHA-256 of everything that distinguishes the request.
   * @param leaseMs How long no other request may claim it, in milliseconds.
   */
  claim(key: RequestKey, digest: Uint8Array, leaseMs: number): Promise<Claim | KeyInUse>;
  /**
   * Stores the answer of a claim, unless it has one already.
   *
   * @returns The stored answer; `undefined` if the claim has been lost.
   */
  keep(claim: Claim, answer: KeptAnswer): Promise<KeptAnswer | undefined>;
  /**
   * Releases a claim, unless it has an answer: the same request may be made again at once, as a repeat.
   */
  free(claim: Claim): Promise<void>;
  /** Deletes at most `limit` keys used over 24 hours ago. @returns How many it deleted. */
  forgetOld(limit: number): Promise<number>;
}

interface KeyRow {
  readonly is_same: boolean;
  readonly status: number | null;
  readonly body: string | null;
}

/** Creates the repository on the order service's database. */
export function createIdempotencyKeyRepository(postgres: Postgres): IdempotencyKeyRepository {
  const insert = async (
    { userUuid, operation, key }: RequestKey,
    digest: Uint8Array,
    leaseMs: number,
  ) => {
    const claim = crypto.randomUUID();
    const [claimed] = await postgres.query((sql) =>
      sql<{ is_repeat: boolean }[]>`
          insert into idempotency_keys as old (user_uuid, operation, key, request_digest, claim, claimed_until)
          values (${userUuid}, ${operation}, ${key}, ${digest}, ${claim},
            now() + ${leaseMs}::bigint * interval '1 millisecond')
          on conflict (user_uuid, operation, key) do update set
            request_digest = excluded.request_digest, claim = excluded.claim,
            claimed_until = excluded.claimed_until, status = null, body = null,
            created_at = case when ${isOld(sql)} then excluded.created_at else old.created_at end
          where ${isOld(sql)}
            or (old.status is null and old.claimed_until <= now() and old.request_digest = excluded.request_digest)
          returning created_at < now() as is_repeat`
    );
    return claimed && { userUuid, operation, key, claim, isRepeat: claimed.is_repeat };
  };
  const look = async ({ userUuid, operation, key }: RequestKey, digest: Uint8Array) => {
    const [row] = await postgres.query((sql) =>
      sql<KeyRow[]>`select request_digest = ${digest} as is_same, status, body from idempotency_keys
          where user_uuid = ${userUuid} and operation = ${operation} and key = ${key}`
    );
    return row;
  };
  return {
    async claim(key, digest, leaseMs) {
      const claim = await insert(key, digest, leaseMs);
      if (claim !== undefined) return claim;
      const row = await look(key, digest);
      // It was deleted between the two statements: the next attempt can claim it.
      if (row === undefined) return { kind: "under way" };
      if (!row.is_same) return { kind: "of another request" };
      if (row.status === null || row.body === null) return { kind: "under way" };
      return { kind: "answered", answer: { status: row.status, body: row.body } };
    },

    async keep(claim, answer) {
      const { userUuid, operation, key } = claim;
      // A statement does not see its own changes: either it stores the answer now, or there was one before.
      const [row] = await postgres.query((sql) =>
        sql<KeptAnswer[]>`
          with ${answerOf(sql, { claim, answer })}
          select ${answer.status}::smallint as status, ${answer.body}::text as body from answered
          union all
          select status, body from idempotency_keys
          where user_uuid = ${userUuid} and operation = ${operation} and key = ${key}
            and claim = ${claim.claim} and status is not null`
      );
      return row;
    },

    async free({ userUuid, operation, key, claim }) {
      await postgres.query((sql) =>
        sql`update idempotency_keys set claimed_until = now()
            where user_uuid = ${userUuid} and operation = ${operation} and key = ${key}
              and claim = ${claim} and status is null`
      );
    },

    async forgetOld(limit) {
      const forgotten = await postgres.query((sql) =>
        sql`delete from idempotency_keys where ctid = any (array(
              select ctid from idempotency_keys as old where ${isOld(sql)}
              order by created_at limit ${limit} for update skip locked))
            returning 1`
      );
      return forgotten.length;
    },
  };
}

/** The condition that a key named `old` may be used again. */
function isOld(sql: Sql): Fragment {
  return sql`old.created_at <= now() - ${KEPT_HOURS} * interval '1 hour'`;
}
