import type { MiddlewareHandler } from "hono";
import { runWithSession } from "../auth/session_context.ts";
import type { SessionVerifier } from "../grpc/session_verifier.ts";

/** HTTP header of the session identifier. */
export const SESSION_UUID_HEADER = "X-Session-Uuid";

/**
 * Creates the HTTP twin of `authInterceptor`: reads `X-Session-Uuid`, asks IAM, and runs the rest of the
 * request with the session in its context.
 *
 * Without a valid session the answer is 401; where IAM can't be asked, 503 or 504. ASVS 7.2.1, 8.2.1.
 */
export function authMiddleware(verify: SessionVerifier): MiddlewareHandler {
  return async (c, next) => {
    const session = await verify(c.req.header(SESSION_UUID_HEADER));
    await runWithSession(session, next);
  };
}
