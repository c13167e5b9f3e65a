import { createHash } from "node:crypto";
import { currentRequest, runWithRequest } from "../core/request_context.ts";
import { type RateLimit, type RatePolicy, shareMs, verdictOf } from "../core/rate_limit.ts";
import type { Logger } from "../log/logger.ts";
import type { Redis } from "./redis.ts";

/** How long a limit may delay a request, in milliseconds. */
const CHECK_LIMIT_MS = 250;

/**
 * One bucket, by the clock of Redis, so that replicas agree on the time. It is kept until it is empty.
 *
 * KEYS: bucket. ARGV: the request's share of the window, and the window, in ms. Returns whether the request is allowed,
 * and the backlog in ms, as text, because Redis cuts numbers to integers.
 */
const TAKE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local backlog = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or 0) - now)
local share = tonumber(ARGV[1])
if backlog + share > tonumber(ARGV[2]) then return {0, tostring(backlog)} end
backlog = backlog + share
redis.call('SET', KEYS[1], string.format('%.3f', now + backlog), 'PX', math.ceil(backlog))
return {1, tostring(backlog)}`;

/** Takes one request out of a bucket. KEYS: bucket. ARGV: the request's share of the window in ms. */
const GIVE_BACK_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local backlog = (tonumber(redis.call('GET', KEYS[1])) or 0) - now - tonumber(ARGV[1])
if backlog > 0 then
  redis.call('SET', KEYS[1], string.format('%.3f', now + backlog), 'PX', math.ceil(backlog))
else
  redis.call('DEL', KEYS[1])
end`;

/**
 * Creates a limit that holds across replicas: one script on one key, so it works on a cluster too. If Redis does not
 * answer, requests pass: a limit must not take down what it protects. The first of them is logged, and how many passed
 * unchecked once Redis answers again.
 *
 * @param prefix Begins the keys, e.g. `order:rate`; they end in a digest, so that no subject can be read from them.
 */
export function createSharedRateLimit(
  policy: RatePolicy,
  { redis, prefix, log }: { readonly redis: Redis; readonly prefix: string; readonly log: Logger },
): RateLimit {
  let unchecked = 0;
  const keyOf = (subject: string) =>
    `${prefix}:${policy.name}:${createHash("sha256").update(subject).digest("base64url")}`;
  return {
    async take(subject) {
      const key = keyOf(subject);
      try {
        const answer = await withinCheckLimit(() =>
          redis.run((client) => client.eval(TAKE_SCRIPT, 1, key, shareMs(policy), policy.windowMs))
        );
        if (unchecked > 0) log.info({ limit: policy.name, unchecked }, "rate limit checked again");
        unchecked = 0;
        const [isAllowed, backlogMs] = Array.isArray(answer) ? answer : [];
        return verdictOf(policy, { isAllowed: isAllowed === 1, backlogMs: Number(backlogMs) });
      } catch (err) {
        if (unchecked++ === 0) log.warn({ err, limit: policy.name }, "rate limit not checked");
        return undefined;
      }
    },
    async giveBack(subject) {
      try {
        await withinCheckLimit(() =>
          redis.run((client) => client.eval(GIVE_BACK_SCRIPT, 1, keyOf(subject), shareMs(policy)))
        );
      } catch (err) {
        log.debug({ err, limit: policy.name }, "request not given back to its rate limit");
      }
    },
  };
}

/** Asks what a limit depends on, for 250 ms at most. */
export function withinCheckLimit<T>(ask: () => Promise<T>): Promise<T> {
  const request = currentRequest();
  const deadline = Math.min(Date.now() + CHECK_LIMIT_MS, request?.deadline ?? Infinity);
  return runWithRequest({ ...request, requestId: request?.requestId ?? "", deadline }, ask);
}
