import { createHash } from "node:crypto";
import { type Redis, withinCheckLimit } from "@rocket/platform/redis";

/** How long an address counts as known after a login from it, in milliseconds. */
const KNOWN_MS = 30 * 24 * 60 * 60 * 1_000;

/** How many addresses an account has at most. */
const MAX_ADDRESSES = 20;

/**
 * The addresses that accounts logged in from within 30 days, at most 20 each, as digests. Every method throws
 * `Unavailable`, or `DeadlineExceeded` if Redis does not answer within 250 ms: logins wait for it.
 */
export interface KnownAddresses {
  has(account: string, address: string): Promise<boolean>;
  add(account: string, address: string): Promise<void>;
  /** Forgets all of an account's. */
  forget(account: string): Promise<void>;
}

/** KEYS: the account's addresses. ARGV: digest, now in ms, how long it is known in ms, how many there may be. */
const ADD_SCRIPT = `
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[4]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

/** Creates the known addresses over a Redis, which may evict them. */
export function createKnownAddresses(redis: Redis): KnownAddresses {
  return {
    async has(account, address) {
      const at = await withinCheckLimit(() =>
        redis.run((client) => client.zscore(keyOf(account), digest(address)))
      );
      return at !== null && Number(at) > Date.now() - KNOWN_MS;
    },
    async add(account, address) {
      const args = [digest(address), Date.now(), KNOWN_MS, MAX_ADDRESSES];
      await withinCheckLimit(() =>
        redis.run((client) => client.eval(ADD_SCRIPT, 1, keyOf(account), ...args))
      );
    },
    async forget(account) {
      await withinCheckLimit(() => redis.run((client) => client.del(keyOf(account))));
    },
  };
}

function keyOf(account: string): string {
  return `iam:throttle:known-addresses:${digest(account)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
