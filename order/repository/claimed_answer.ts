import type { Fragment, Sql } from "postgres";
import type { ClaimedAnswer } from "../model/idempotency.ts";

/**
 * A common table expression `answered` that keeps the answer of a claim. It has one row, or none where the claim has
 * been lost: what is done `from answered` is then not done. Without a claim it has one row always.
 */
export function answerOf(sql: Sql, claimed: ClaimedAnswer | undefined): Fragment {
  if (claimed === undefined) return sql`answered as (select 1)`;
  const { claim: { userUuid, operation, key, claim }, answer: { status, body } } = claimed;
  return sql`answered as (
    update idempotency_keys set status = ${status}, body = ${body}
    where user_uuid = ${userUuid} and operation = ${operation} and key = ${key}
      and claim = ${claim} and status is null
    returning 1)`;
}
