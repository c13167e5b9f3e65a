import type { MiddlewareHandler } from "hono";
import { RateExceeded, type RateLimit } from "../core/rate_limit.ts";
import type { Refusal } from "./error_answer.ts";

/**
 * Creates the middleware of a rate limit. Its answers have the `RateLimit` headers of the IETF draft
 * (draft-ietf-httpapi-ratelimit-headers-10); refused requests are answered 429 with `Retry-After`.
 *
 * @param subject Whose requests are counted together, e.g. the current user's; `undefined` for one that does not count.
 */
export function rateLimitMiddleware(
  limit: RateLimit,
  subject: () => string | undefined,
): MiddlewareHandler<Record<never, never>, string, Record<never, never>, Refusal<429>> {
  return async (c, next) => {
    const counted = subject();
    const verdict = counted === undefined ? undefined : await limit.take(counted);
    if (verdict !== undefined) {
      const { policy, remaining, resetMs } = verdict;
      const window = Math.ceil(policy.windowMs / 1_000);
      c.header("RateLimit-Policy", `"${policy.name}";q=${policy.requests};w=${window}`, { append: true });
      c.header("RateLimit", `"${policy.name}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`, {
        append: true,
      });
      if (!verdict.isAllowed) throw new RateExceeded(verdict);
    }
    await next();
  };
}
