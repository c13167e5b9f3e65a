import type { MiddlewareHandler } from "hono";
import { outsideRequestDeadline } from "@rocket/platform/core";
import type { Refusal } from "@rocket/platform/http";
import type { Claim, KeptAnswer, KeyedOperation } from "../model/idempotency.ts";
import type { AnswerOnce } from "../service/answer_once.ts";
import { sessionUser } from "./session_user.ts";

/** What the middleware leaves for the handler: `c.get("claim")`, there where the request has a key. */
export interface ClaimVariables {
  readonly Variables: { claim: Claim | undefined };
}

/** What must have been read of the request before. */
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
    const key = { userUuid: sessionUser(), operation, key: unquoted(header) };
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
    // A key that stayed claimed would be refused for as long as a claim lasts, with nothing under way.
    const kept = await outsideRequestDeadline(() => once.end(claimed, answer));
    if (kept !== answer) c.res = toResponse(kept);
  };
}

function toResponse({ status, body }: KeptAnswer): Response {
  return new Response(body, { status, headers: { "Content-Type": "application/json" } });
}

/** The draft writes a key as a string of a structured header, in quotes; most callers leave them out. */
function unquoted(key: string): string {
  return /^"(.+)"$/.exec(key)?.[1] ?? key;
}
