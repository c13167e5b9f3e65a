import type { MiddlewareHandler } from "hono";
import { requireSession } from "@rocket/platform/auth";
import { outsideRequestDeadline } from "@rocket/platform/core";
import type { Refusal } from "@rocket/platform/http";
import type { Claim, KeptAnswer, KeyedOperation } from "../model/idempotency.ts";
import type { AnswerOnce } from "../service/answer_once.ts";

/** What the middleware leaves for the handler: `c.get("claim")` is set if the request has a key. */
export interface ClaimVariables {
  readonly Variables: { claim: Claim | undefined };
}

/** What the validators must have read before. */
interface KeyedInput {
  readonly out: { readonly header: { readonly "Idempotency-Key"?: string } };
}

/**
 * Creates a middleware that carries out a request with an `Idempotency-Key` once: sent again it gets the first answer,
 * without calling the handler. Place it after the validators, so that an invalid request does not use up its key.
 *
 * @throws {KeyReused} if the key was first used with another request.
 * @throws {RequestUnderWay} if the first request with the key has no answer yet.
 */
export function answerOnce(
  operation: KeyedOperation,
  once: AnswerOnce,
): MiddlewareHandler<ClaimVariables, string, KeyedInput, Refusal<409 | 422>> {
  return async (c, next) => {
    const header = c.req.valid("header")["Idempotency-Key"];
    if (header === undefined) return await next();
    const key = { userUuid: requireSession().userUuid, operation, key: unquoted(header) };
    const claimed = await once.claim(key, {
      orderUuid: c.req.param("order_uuid")?.toLowerCase(),
      body: new Uint8Array(await c.req.arrayBuffer()),
    });
    if (!("claim" in claimed)) {
      c.res = toResponse(claimed);
      return;
    }
    c.set("claim", claimed);
    await next();
    const answer = { status: c.res.status, body: await c.res.clone().text() };
    // If the claim were left, the key would be refused until it expires, with nothing in progress.
    const kept = await outsideRequestDeadline(() => once.end(claimed, answer));
    if (kept !== answer) c.res = toResponse(kept);
  };
}

function toResponse({ status, body }: KeptAnswer): Response {
  return new Response(body, { status, headers: { "Content-Type": "application/json" } });
}

/** The draft specifies a structured header string, in quotes; most clients leave the quotes out. */
function unquoted(key: string): string {
  return /^"(.+)"$/.exec(key)?.[1] ?? key;
}
