import { hash as argon2Hash, hashSync, parseOptions, verify as argon2Verify } from "@node-rs/argon2";
import { ResourceExhausted } from "@rocket/platform/core";
import pLimit from "p-limit";
import type { Password } from "../model/password.ts";

/** What a hash costs, and how many may be computed or wait at a time. */
export interface Argon2Options {
  /** Memory of one hash in KiB. */
  readonly memoryKib: number;
  /** Passes over that memory. */
  readonly passes: number;
  /** Lanes computed in parallel within one hash. */
  readonly lanes: number;
  /** Hashes computed at the same time. Each takes its memory and a core, never the event loop. */
  readonly concurrency: number;
  /** Hashes that may wait for their turn. */
  readonly queue: number;
}

/** Hashes passwords with Argon2id (RFC 9106; OWASP ASVS 11.4.2) and compares them with stored hashes. */
export interface PasswordHasher {
  /**
   * Hashes a password with a fresh salt.
   *
   * @returns A PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
   * @throws {ResourceExhausted} when the queue is full.
   */
  hash(password: Password): Promise<string>;
  /**
   * Whether the candidate is the password that was stored. No stored hash (an unknown login) or no candidate
   * (a text that can't be a password) is answered false after the same work as a wrong password.
   *
   * @throws {ResourceExhausted} when the queue is full.
   * @throws {Error} when what is stored is no Argon2 hash: a fault, not a wrong password.
   */
  verify(stored: string | undefined, candidate: Password | undefined): Promise<boolean>;
  /**
   * Whether a stored hash was made otherwise than new ones are, and should be made anew.
   *
   * @throws {Error} when what is stored is no Argon2 hash.
   */
  isOutdated(stored: string): boolean;
}

/**
 * Creates a hasher with a queue of its own. Computes one hash before it returns: the dummy that unknown
 * logins are compared with, which costs what every new hash costs.
 *
 * @throws {Error} when Argon2 does not accept the parameters.
 */
export function createPasswordHasher(options: Argon2Options): PasswordHasher {
  const parameters = {
    memoryCost: options.memoryKib,
    timeCost: options.passes,
    parallelism: options.lanes,
    outputLen: OUTPUT_BYTES,
  };
  const dummy = hashSync(crypto.getRandomValues(new Uint8Array(32)), parameters);
  const inTurn = createQueue(options);
  return {
    hash: (password) => inTurn(() => argon2Hash(password, parameters)),
    verify: (stored, candidate) =>
      inTurn(async () => {
        const matches = await argon2Verify(stored ?? dummy, candidate ?? "");
        return matches && stored !== undefined && candidate !== undefined;
      }),
    isOutdated(stored) {
      const made = parseOptions(stored);
      return !stored.startsWith("$argon2id$v=19$") || made.memoryCost !== parameters.memoryCost ||
        made.timeCost !== parameters.timeCost || made.parallelism !== parameters.parallelism ||
        made.outputLen !== parameters.outputLen;
    },
  };
}

const OUTPUT_BYTES = 32;

/** The least that can be said: a place is free again after one hash, which takes tens of milliseconds. */
const RETRY_AFTER_SECONDS = 1;

function createQueue({ concurrency, queue }: Argon2Options) {
  const limit = pLimit(concurrency);
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.activeCount + limit.pendingCount >= concurrency + queue) {
      throw new ResourceExhausted(
        "PASSWORD_QUEUE_FULL",
        "too many passwords are being checked at the moment",
        RETRY_AFTER_SECONDS,
      );
    }
    return await limit(work);
  };
}
