import { createHash } from "node:crypto";
import type { Logger } from "@rocket/platform";
import { KeyReused, RequestUnderWay } from "../model/failures.ts";
import type { Claim, KeptAnswer, RequestKey } from "../model/idempotency.ts";
import type { IdempotencyKeyRepository } from "../repository/idempotency_keys.ts";

/** What makes a request another one than the first with its key. */
export interface RequestFacts {
  /** The order that it is about, where it is about one. */
  readonly orderUuid?: string;
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
   * Ends a claim: an answer that would be the same again is kept, unless it has been already; with any other the key
   * may be used again at once.
   */
  end(claim: Claim, answer: KeptAnswer): Promise<void>;
}

/** What the rule needs. */
export interface AnswerOnceDependencies {
  readonly keys: Pick<IdempotencyKeyRepository, "claim" | "keep" | "free">;
  /** After how long a claim whose owner died is free, in milliseconds. */
  readonly leaseMs: number;
  readonly log: Logger;
}

/** Creates the rule of answering once. */
export function createAnswerOnce({ keys, leaseMs, log }: AnswerOnceDependencies): AnswerOnce {
  return {
    async claim(key, { orderUuid, body }) {
      const digest = createHash("sha256").update(orderUuid ?? "").update("\n").update(body).digest();
      const request = { digest, ...(orderUuid !== undefined && { orderUuid }) };
      const claimed = await keys.claim(key, request, leaseMs);
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
        await (isLasting(answer.status) ? keys.keep(claim, answer) : keys.free(claim));
      } catch (error) {
        // The caller has its answer; the claim runs out, and with it what can't be told again.
        log.warn(
          { err: error, operation: claim.operation },
          "claim of an idempotency key not ended; it runs out",
        );
      }
    },
  };
}

/** Whether the same request would be answered the same again: not so where a session, or time, would change it. */
function isLasting(status: number): boolean {
  return status < 500 && status !== 401 && status !== 408 && status !== 429;
}
