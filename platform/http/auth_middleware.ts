import type { MiddlewareHandler } from "hono";
import type { Access, Authorize } from "../auth/authorize.ts";
import { runWithCaller } from "../auth/caller.ts";

/** HTTP header of the session identifier. */
export const SESSION_UUID_HEADER = "X-Session-Uuid";

/** HTTP header of the services' token. */
export const SERVICE_TOKEN_HEADER = "X-Service-Token";

/**
 * Creates the HTTP adapter of `authorize()`: reads `X-Session-Uuid` and `X-Service-Token`, and runs the rest of the
 * request with the caller in its context. A refused request is answered with the failure's status: 401, 403, 503 or 504.
 *
 * @param access Who may pass; a session by default.
 */
export function authMiddleware(authorize: Authorize, access: Access = "session"): MiddlewareHandler {
  return async (c, next) => {
    if (access === "open") return await next();
    const caller = await authorize(access, {
      sessionUuid: c.req.header(SESSION_UUID_HEADER),
      serviceToken: c.req.header(SERVICE_TOKEN_HEADER),
    });
    await runWithCaller(caller, next);
  };
}
