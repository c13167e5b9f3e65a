import type { Fragment, Sql } from "postgres";
import type { ClaimedAnswer } from "../model/idempotency.ts";

/**
 * A common table expression `answered` that stores the answer of a claim. It has one row, or none if the claim has been
 * lost: a statement that selects `from answered` then does nothing. Without a claim it has one row.
 *
 * @param condition Without it `answered` has no row, and nothing is stored.
 */
export function answerOf(sql: Sql, claimed: ClaimedAnswer | undefined, condition = sql`true`): Fragment {
  if (claimed === undefined) return sql`answered as (select 1 where ${condition})`;
  const { claim: { userUuid, operation, key, claim }, answer: { status, body } } = claimed;
  return sql`answered as (
    update idempotency_keys set status = ${status}, body = ${body}
    where user_uuid = ${userUuid} and operation = ${operation} and key = ${key}
      and claim = ${claim} and status is null and ${condition}
    returning 1)`;
}
