import { isIPv6 } from "node:net";
import {
  currentRequest,
  outsideRequestDeadline,
  RateExceeded,
  type RateLimit,
  type RateVerdict,
} from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import { TokenInvalid, WrongCredentials, WrongPassword } from "../model/failures.ts";
import type { KnownAddresses } from "../repository/known_addresses.ts";
import { type CountedAttempt, limitAttempts } from "./attempt_limit.ts";
import type { Audit } from "./audit.ts";

/** Slows down clients that guess passwords or register in bulk, without locking owners out (OWASP ASVS 6.1.1 and 6.3.1). */
export interface Throttle {
  /**
   * Checks a password. An attempt is counted before it is made, so that none passes the limits while others are under
   * way, and given back unless the password turns out to be wrong.
   *
   * @param login As it was sent; an unknown one counts like any other.
   * @throws {RateExceeded} instead of checking it, after too many wrong ones.
   */
  attempt<T>(login: string, check: () => Promise<T>): Promise<T>;
  /** Forgets where an account that was deleted logged in from; what can't be forgotten expires. */
  forgetAddresses(login: string): Promise<void>;
  /**
   * Uses a mailed token. Wrong ones count like wrong passwords from this address.
   *
   * @throws {RateExceeded} instead of trying it, after too many wrong ones.
   */
  attemptToken<T>(redeem: () => Promise<T>): Promise<T>;
  /** Counts a registration. @throws {RateExceeded} after too many from this address. */
  countRegistration(): Promise<void>;
  /**
   * Counts a mail that a client has sent to the owner of an account.
   *
   * @param account Names the account; an unknown one counts like any other.
   * @throws {RateExceeded} after too many from this address, or to this account.
   */
  countMail(account: string): Promise<void>;
}

/** Throttles nothing. */
export const NO_THROTTLE: Throttle = {
  attempt: (_login, check) => check(),
  forgetAddresses: () => Promise.resolve(),
  attemptToken: (redeem) => redeem(),
  countRegistration: () => Promise.resolve(),
  countMail: () => Promise.resolve(),
};

/** Dependencies of {@link createThrottle}. */
export interface ThrottleDependencies {
  readonly limits: {
    /** Of an account and an address together, which keeps one from locking out the owner at another. */
    readonly accountAndAddress: RateLimit;
    readonly address: RateLimit;
    /** Of an account, from addresses that it has not logged in from. */
    readonly account: RateLimit;
    readonly registrations: RateLimit;
    readonly mailsFromAddress: RateLimit;
    readonly mailsToAccount: RateLimit;
  };
  readonly known: KnownAddresses;
  /** Gets the address of each client that is counted, before it is reduced to its network. */
  readonly onClient?: (address: string) => void;
  readonly audit: Pick<Audit, "note">;
  readonly log: Logger;
}

/** Creates the throttle. What can't be counted passes: a login must not depend on it. */
export function createThrottle({ limits, known, onClient, audit, log }: ThrottleDependencies): Throttle {
  const attempts = {
    accountAndAddress: limitAttempts(limits.accountAndAddress),
    address: limitAttempts(limits.address),
    account: limitAttempts(limits.account),
  };

  async function isKnown(account: string, address: string): Promise<boolean> {
    try {
      return await known.has(account, address);
    } catch (err) {
      log.warn({ err }, "known addresses not checked");
      return true;
    }
  }

  async function noteKnown(account: string, address: string): Promise<void> {
    try {
      await known.add(account, address);
    } catch (err) {
      log.warn({ err }, "known address not noted");
    }
  }

  return {
    async attempt(login, check) {
      const [account, address] = [login.toLowerCase(), clientBucket(onClient)];
      const [ofBoth, ofAddress, ofAccount] = await Promise.all([
        attempts.accountAndAddress.take(`${account} ${address}`),
        attempts.address.take(address),
        attempts.account.take(account),
      ]);
      const taken = [ofBoth, ofAddress, ofAccount];
      const isAccountFull = ofAccount.refusal && !await isKnown(account, address);
      const refusal = ofBoth.refusal ?? ofAddress.refusal ?? (isAccountFull ? ofAccount.refusal : undefined);
      if (refusal) {
        await Promise.all(taken.map((attempt) => attempt.giveBack()));
        refuse(refusal, refusal === ofAddress.refusal ? undefined : login);
      }
      const result = await keepIfWrong(taken, check);
      await noteKnown(account, address);
      return result;
    },

    async forgetAddresses(login) {
      try {
        // The account is gone already.
        await outsideRequestDeadline(() => known.forget(login.toLowerCase()));
      } catch (err) {
        log.warn({ err }, "known addresses not forgotten");
      }
    },

    async attemptToken(redeem) {
      const taken = await attempts.address.take(clientBucket(onClient));
      if (taken.refusal) refuse(taken.refusal);
      return await keepIfWrong([taken], redeem);
    },

    countRegistration: () => count(limits.registrations, clientBucket(onClient)),

    async countMail(account) {
      await count(limits.mailsFromAddress, clientBucket(onClient));
      await count(limits.mailsToAccount, account);
    },
  };

  async function count(limit: RateLimit, subject: string): Promise<void> {
    const verdict = await limit.take(subject);
    if (verdict?.isAllowed === false) refuse(verdict);
  }

  /** @param sentLogin If the limit is one of its account. */
  function refuse(verdict: RateVerdict, sentLogin?: string): never {
    audit.note({ kind: "throttled", detail: verdict.policy.name, sentLogin });
    throw new RateExceeded(verdict);
  }
}

/** Makes an attempt, which stays counted if it was a wrong guess. */
async function keepIfWrong<T>(taken: readonly CountedAttempt[], make: () => Promise<T>): Promise<T> {
  const giveBack = () => Promise.all(taken.map((attempt) => attempt.giveBack()));
  try {
    const result = await make();
    await giveBack();
    return result;
  } catch (error) {
    if (WRONG_GUESSES.some((kind) => error instanceof kind)) taken.forEach((attempt) => attempt.keep());
    else await giveBack();
    throw error;
  }
}

const WRONG_GUESSES = [WrongCredentials, WrongPassword, TokenInvalid];

/** What the client's attempts are counted under: its address or, as a client has many, its IPv6 network of 64 bits. */
function clientBucket(onClient: ThrottleDependencies["onClient"]): string {
  const address = currentRequest()?.client?.address ?? "unknown";
  onClient?.(address);
  return isIPv6(address) ? networkOf(address) : address;
}

/** @param address In canonical form (RFC 5952). */
function networkOf(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const [before, after] = [groups(head), groups(tail)];
  const zeros = address.includes("::") ? Array<string>(8 - before.length - after.length).fill("0") : [];
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
