import { createHash } from "node:crypto";
import type { Logger } from "@rocket/platform/log";
import { KeyReused, RequestUnderWay } from "../model/failures.ts";
import type { Claim, KeptAnswer, RequestKey } from "../model/idempotency.ts";
import type { IdempotencyKeyRepository } from "../repository/idempotency_keys.ts";

/** What makes a request another one than the first with its key. */
export interface RequestFacts {
  /** The order that its path names, if it names one. */
  readonly orderUuid?: string | undefined;
  /** Its body, as it was sent. */
  readonly body: Uint8Array;
}

/** Sees to it that requests with one key are carried out once (IETF draft-ietf-httpapi-idempotency-key-header). */
export interface AnswerOnce {
  /**
   * Claims a key for a request.
   *
   * @returns The claim to work under, or the answer that was given already.
   * @throws {KeyReused} when the key was first used with another request.
   * @throws {RequestUnderWay} when somebody works on the answer.
   */
  claim(key: RequestKey, request: RequestFacts): Promise<Claim | KeptAnswer>;
  /**
   * Ends a claim: an answer that says how the request ended is kept, unless one has been already; after any other the
   * request may be sent again at once.
   *
   * @returns The answer to give: the one that is kept, or else the one at hand.
   */
  end(claim: Claim, answer: KeptAnswer): Promise<KeptAnswer>;
}

/** Dependencies of the answer-once use case. */
export interface AnswerOnceDependencies {
  readonly keys: Pick<IdempotencyKeyRepository, "claim" | "keep" | "free">;
  /** After how long a claim whose owner died is free, in milliseconds. */
  readonly leaseMs: number;
  readonly log: Logger;
}

/** Creates the answer-once use case. */
export function createAnswerOnce({ keys, leaseMs, log }: AnswerOnceDependencies): AnswerOnce {
  return {
    async claim(key, { orderUuid = "", body }) {
      const digest = createHash("sha256").update(orderUuid).update("\n").update(body).digest();
      const claimed = await keys.claim(key, digest, leaseMs);
      if (!("kind" in claimed)) return claimed;
      switch (claimed.kind) {
        case "answered":
          return claimed.answer;
        case "of another request":
          throw new KeyReused();
        case "under way":
          throw new RequestUnderWay();
        default:
          throw new TypeError(`a key can't be ${claimed satisfies never}`);
      }
    },

    async end(claim, answer) {
      try {
        if (saysHowItEnded(answer.status)) return await keys.keep(claim, answer) ?? answer;
        await keys.free(claim);
      } catch (error) {
        // Not worth the caller's answer: the claim runs out.
        log.warn(
          { err: error, operation: claim.operation },
          "claim of an idempotency key not ended; it runs out",
        );
      }
      return answer;
    },
  };
}

/** Not so where the request was not carried out for want of a session or of time, or may still be under way. */
function saysHowItEnded(status: number): boolean {
  return status < 500 && status !== 401 && status !== 408 && status !== 429;
}
