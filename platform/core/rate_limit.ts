import { ResourceExhausted } from "./failure.ts";

/** How many requests a subject may make in a window of time; all of them may come at once. */
export interface RatePolicy {
  /** Names the limit in answers and in keys, e.g. `orders-per-user`. */
  readonly name: string;
  readonly requests: number;
  readonly windowMs: number;
}

/** What a limit says of one request. */
export interface RateVerdict {
  readonly policy: RatePolicy;
  readonly isAllowed: boolean;
  /** How many more requests are allowed immediately. */
  readonly remaining: number;
  /** When the next request is allowed, in milliseconds from now; 0 if one is allowed immediately. */
  readonly retryAfterMs: number;
  /** When as many requests as in a new window are allowed, in milliseconds from now. */
  readonly resetMs: number;
}

/** A limit on the requests of each subject, e.g. of each user. */
export interface RateLimit {
  /**
   * Counts a request of a subject if the limit allows it.
   *
   * @returns `undefined` if the limit can't be checked; the request then passes.
   */
  take(subject: string): Promise<RateVerdict | undefined>;
  /** Gives an allowed request back, as if it had not been made; does nothing if the limit can't be reached. */
  giveBack(subject: string): Promise<void>;
}

/**
 * A subject's bucket after a request, by the generic cell rate algorithm (ITU-T I.371): a request adds its share of the
 * window to the backlog, which shrinks as time passes, and is refused if the backlog would exceed the window.
 */
export interface Bucket {
  readonly isAllowed: boolean;
  /** How long the backlog takes to empty, in milliseconds. */
  readonly backlogMs: number;
}

/** How much of the window one request takes, in milliseconds. */
export function shareMs({ requests, windowMs }: RatePolicy): number {
  return windowMs / requests;
}

/** Says what a bucket means for the request that was just counted, or refused. */
export function verdictOf(policy: RatePolicy, { isAllowed, backlogMs }: Bucket): RateVerdict {
  const free = policy.windowMs - backlogMs;
  return {
    policy,
    isAllowed,
    remaining: Math.max(0, Math.floor(free / shareMs(policy))),
    retryAfterMs: Math.max(0, shareMs(policy) - free),
    resetMs: backlogMs,
  };
}

/** How many subjects a local limit remembers; beyond that it forgets the one that has been away longest. */
const MAX_SUBJECTS = 100_000;

/** Creates a limit that holds within this process only. */
export function createLocalRateLimit(policy: RatePolicy, now: () => number = Date.now): RateLimit {
  const emptyAt = new Map<string, number>();
  return {
    take(subject) {
      const at = now();
      const backlogMs = Math.max(0, (emptyAt.get(subject) ?? 0) - at);
      const isAllowed = backlogMs + shareMs(policy) <= policy.windowMs;
      const bucket = { isAllowed, backlogMs: isAllowed ? backlogMs + shareMs(policy) : backlogMs };
      emptyAt.delete(subject);
      emptyAt.set(subject, at + bucket.backlogMs);
      const [longestAway] = emptyAt.keys();
      if (emptyAt.size > MAX_SUBJECTS && longestAway !== undefined) emptyAt.delete(longestAway);
      return Promise.resolve(verdictOf(policy, bucket));
    },
    giveBack(subject) {
      const at = emptyAt.get(subject);
      if (at !== undefined) emptyAt.set(subject, at - shareMs(policy));
      return Promise.resolve();
    },
  };
}

/** A subject has made more requests than its limit allows. */
export class RateExceeded extends ResourceExhausted {
  constructor({ policy, retryAfterMs }: RateVerdict) {
    const { requests, windowMs } = policy;
    super(
      "RATE_LIMITED",
      `too many requests: at most ${requests} in ${windowMs / 1_000} s`,
      Math.max(1, Math.ceil(retryAfterMs / 1_000)),
    );
  }
}
