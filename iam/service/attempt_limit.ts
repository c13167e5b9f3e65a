import type { RateLimit, RateVerdict } from "@rocket/platform/core";

/** An attempt that was counted before its outcome is known, unless it was refused. */
export interface CountedAttempt {
  readonly refusal: RateVerdict | undefined;
  /** Ends the attempt as if it had not been made. */
  giveBack(): Promise<void>;
  /** Ends the attempt, which stays counted. */
  keep(): void;
}

/** A limit on attempts that are counted before their outcome is known. */
export interface AttemptLimit {
  take(subject: string): Promise<CountedAttempt>;
}

/**
 * Creates a limit on attempts. One that is refused while others of its subject are under way at this replica may be
 * repeated at once: any of them may be given back a moment later. Otherwise only time makes room.
 */
export function limitAttempts(limit: RateLimit): AttemptLimit {
  const underWay = new Map<string, number>();

  function change(subject: string, by: 1 | -1): void {
    const count = (underWay.get(subject) ?? 0) + by;
    if (count > 0) underWay.set(subject, count);
    else underWay.delete(subject);
  }

  return {
    async take(subject) {
      const verdict = await limit.take(subject);
      if (verdict?.isAllowed === false) {
        const refusal = underWay.has(subject) ? { ...verdict, retryAfterMs: 0 } : verdict;
        return { refusal, giveBack: () => Promise.resolve(), keep: () => {} };
      }
      change(subject, 1);
      return {
        refusal: undefined,
        async giveBack() {
          change(subject, -1);
          // An attempt that could not be counted has nothing to give back.
          if (verdict !== undefined) await limit.giveBack(subject);
        },
        keep() {
          change(subject, -1);
        },
      };
    },
  };
}
