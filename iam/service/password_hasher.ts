import { hash, hashSync, type Options, parseOptions, verify } from "@node-rs/argon2";
import {
  currentRequest,
  DeadlineExceeded,
  isAbandoned,
  ResourceExhausted,
  timeLeftMs,
} from "@rocket/platform/core";
import pLimit from "p-limit";
import type { Password } from "../model/password.ts";

/** Cost of a hash, and how many hashes may be computed or wait at a time. */
export interface Argon2Options {
  /** Memory of one hash in KiB. */
  readonly memoryKib: number;
  /** Passes over that memory. */
  readonly passes: number;
  /** Lanes computed in parallel within one hash. */
  readonly lanes: number;
  /** Hashes computed at the same time. Each takes its memory and a core, but never blocks the event loop. */
  readonly concurrency: number;
  /** Calls that may wait for their turn. */
  readonly queue: number;
}

/** Hashes passwords with Argon2id (RFC 9106; OWASP ASVS 11.4.2) and verifies them against stored hashes. */
export interface PasswordHasher {
  /**
   * Hashes a password with a new salt.
   *
   * @returns A PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
   * @throws {ResourceExhausted} if the queue is full, or longer than the request's deadline allows.
   * @throws {DeadlineExceeded} if the request is abandoned before its turn.
   */
  hash(password: Password): Promise<string>;
  /**
   * Whether the candidate is the password that was stored. No stored hash (an unknown login) and no candidate
   * (a text that can't be a password) both give false.
   *
   * A stored hash keeps the cost it was made with, so its time could tell a known login from an unknown one.
   * Every refusal therefore computes the same hashes: one of each cost in use.
   *
   * @param costsInUse Costs of all stored hashes, as in their PHC strings: `m=19456,t=2,p=1`.
   * @throws {ResourceExhausted | DeadlineExceeded} like {@link hash}.
   * @throws {Error} if the stored text is not an Argon2 hash: a fault, not a wrong password.
   */
  verify(
    stored: string | undefined,
    candidate: Password | undefined,
    costsInUse: readonly string[],
  ): Promise<boolean>;
  /**
   * Whether a stored hash was made with parameters other than today's, and should be replaced.
   *
   * @throws {Error} if the stored text is not an Argon2 hash.
   */
  isOutdated(stored: string): boolean;
}

/** The functions that compute hashes. */
export interface Argon2 {
  hash(password: string, options: Options): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

/**
 * Creates a hasher with its own queue.
 *
 * @param clock A monotonic clock, in milliseconds.
 * @throws {Error} if Argon2 does not accept the parameters.
 */
export function createPasswordHasher(
  options: Argon2Options,
  argon2: Argon2 = { hash, verify },
  clock: () => number = () => performance.now(),
): PasswordHasher {
  const parameters = {
    memoryCost: options.memoryKib,
    timeCost: options.passes,
    parallelism: options.lanes,
    outputLen: OUTPUT_BYTES,
  };
  // Argon2 checks its parameters only when it hashes; bad ones must already stop the start.
  hashSync("", parameters);
  const inTurn = createQueue(options, clock);

  async function refuse(stored: string | undefined, candidate: string, costsInUse: readonly string[]) {
    const computed = stored === undefined ? undefined : costOf(parseOptions(stored));
    const costs = costsInUse.length > 0 ? costsInUse : [costOf(parameters)];
    for (const cost of costs) {
      if (cost !== computed) await argon2.hash(candidate, { ...parameters, ...readCost(cost) });
    }
  }

  return {
    hash: (password) => inTurn(() => argon2.hash(password, parameters)),
    verify: (stored, candidate, costsInUse) =>
      inTurn(async () => {
        const matches = stored !== undefined && await argon2.verify(stored, candidate ?? "");
        if (matches && candidate !== undefined) return true;
        await refuse(stored, candidate ?? "", costsInUse);
        return false;
      }),
    isOutdated(stored) {
      const made = parseOptions(stored);
      return !stored.startsWith("$argon2id$v=19$") || costOf(made) !== costOf(parameters) ||
        made.outputLen !== parameters.outputLen;
    },
  };
}

const OUTPUT_BYTES = 32;

type Cost = Required<Pick<Options, "memoryCost" | "timeCost" | "parallelism">>;

/** A cost as PHC strings have it. */
function costOf({ memoryCost, timeCost, parallelism }: Cost): string {
  return `m=${memoryCost},t=${timeCost},p=${parallelism}`;
}

/** @throws {TypeError} if the text is not a cost as {@link costOf} writes it. */
function readCost(text: string): Cost {
  const [, memory, passes, lanes] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(text) ?? [];
  if (lanes === undefined) throw new TypeError(`not the cost of a hash: ${text}`);
  return { memoryCost: Number(memory), timeCost: Number(passes), parallelism: Number(lanes) };
}

/** How much the latest duration counts in the average of all, from 0 to 1. */
const LATEST_WEIGHT = 0.2;

/**
 * Creates the queue of hashes. It accepts only work whose turn is expected before its request's deadline, and drops
 * work whose request is abandoned before its turn, so that no core hashes for a caller that has gone.
 */
function createQueue({ concurrency, queue }: Argon2Options, clock: () => number) {
  const limit = pLimit(concurrency);
  let averageMs = 0;

  async function measured<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = clock();
    const result = await work();
    const tookMs = clock() - startedAt;
    averageMs = averageMs === 0 ? tookMs : averageMs + (tookMs - averageMs) * LATEST_WEIGHT;
    return result;
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    const ahead = limit.activeCount + limit.pendingCount;
    const waitMs = ahead < concurrency ? 0 : Math.ceil((ahead + 1 - concurrency) / concurrency) * averageMs;
    if (ahead >= concurrency + queue || waitMs > timeLeftMs()) {
      throw new ResourceExhausted(
        "PASSWORD_QUEUE_FULL",
        "too many passwords are being checked at the moment",
        Math.max(1, Math.ceil(waitMs / 1_000)),
      );
    }
    const request = currentRequest();
    return await limit(() => {
      if (isAbandoned(request)) throw new DeadlineExceeded("the password queue");
      return measured(work);
    });
  };
}
