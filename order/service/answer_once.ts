import { createHash } from "node:crypto";
import type { Logger } from "@rocket/platform/log";
import { KeyReused, RequestUnderWay } from "../model/failures.ts";
import type { Claim, KeptAnswer, RequestKey } from "../model/idempotency.ts";
import type { IdempotencyKeyRepository } from "../repository/idempotency_keys.ts";

/** What distinguishes a request from others with the same key. */
export interface RequestFacts {
  /** The order in its path, if there is one. */
  readonly orderUuid?: string | undefined;
  /** Its body, as it was sent. */
  readonly body: Uint8Array;
}

/** Carries out requests with the same key once (IETF draft-ietf-httpapi-idempotency-key-header). */
export interface AnswerOnce {
  /**
   * Claims a key for a request.
   *
   * @returns The claim to work under, or the answer that was already sent.
   * @throws {KeyReused} if the key was first used with another request.
   * @throws {RequestUnderWay} if the first request is still being carried out.
   */
  claim(key: RequestKey, request: RequestFacts): Promise<Claim | KeptAnswer>;
  /**
   * Ends a claim. An answer that states the outcome of the request is stored, unless there is one already; after any
   * other answer the request may be sent again at once.
   *
   * @returns The answer to send: the stored one, or else the given one.
   */
  end(claim: Claim, answer: KeptAnswer): Promise<KeptAnswer>;
}

/** Dependencies of the answer-once use case. */
export interface AnswerOnceDependencies {
  readonly keys: Pick<IdempotencyKeyRepository, "claim" | "keep" | "free">;
  /** How long a claim lasts if its owner dies, in milliseconds. */
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
        if (statesOutcome(answer.status)) return await keys.keep(claim, answer) ?? answer;
        await keys.free(claim);
      } catch (error) {
        // No reason to fail the request: the claim expires by itself.
        log.warn(
          { err: error, operation: claim.operation },
          "idempotency claim not ended; will expire",
        );
      }
      return answer;
    },
  };
}

/** False for answers to requests that were not carried out, or may still be. */
function statesOutcome(status: number): boolean {
  return status < 500 && status !== 401 && status !== 408 && status !== 429;
}
