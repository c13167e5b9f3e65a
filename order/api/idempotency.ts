import type { MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Refusal, requireSession } from "@rocket/platform";
import type { Claim, KeyedOperation } from "../model/idempotency.ts";
import type { AnswerOnce } from "../service/answer_once.ts";

/** What the middleware leaves for the handler: `c.get("claim")`, there where the request has a key. */
export interface ClaimVariables {
  readonly Variables: { claim: Claim | undefined };
}

/** What must be known of the request before: its header, read by a generated validator. */
interface KeyedInput {
  readonly out: { readonly header: { readonly "Idempotency-Key"?: string } };
}

/**
 * Creates a middleware that answers a request with an `Idempotency-Key` once: sent again it gets the first answer, and
 * the handler is not asked. Place it after the validators, so that a broken request uses no key.
 *
 * @throws {KeyReused} when the key was first used with another request.
 * @throws {RequestUnderWay} when the first request with the key has no answer yet.
 */
export function answerOnce(
  operation: KeyedOperation,
  once: AnswerOnce,
): MiddlewareHandler<ClaimVariables, string, KeyedInput, Refusal<409 | 422>> {
  return async (c, next) => {
    const header = c.req.valid("header")["Idempotency-Key"];
    if (header === undefined) return await next();
    const userUuid = requireSession().user.uuid.toLowerCase();
    const orderUuid = c.req.param("order_uuid")?.toLowerCase();
    const claimed = await once.claim({ userUuid, operation, key: unquoted(header) }, {
      ...(orderUuid !== undefined && { orderUuid }),
      body: new Uint8Array(await c.req.arrayBuffer()),
    });
    if (!("claim" in claimed)) {
      const headers = { "Content-Type": "application/json" };
      // The status was one of ours when it was kept.
      c.res = c.body(claimed.body, claimed.status as ContentfulStatusCode, headers);
      return;
    }
    c.set("claim", claimed);
    await next();
    await once.end(claimed, { status: c.res.status, body: await c.res.clone().text() });
  };
}

/** The draft writes a key as a string of a structured header, in quotes; most callers leave them out. */
function unquoted(key: string): string {
  return /^"(.+)"$/.exec(key)?.[1] ?? key;
}
