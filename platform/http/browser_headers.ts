import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { SESSION_UUID_HEADER } from "./auth_middleware.ts";

/** An answer to a program: if a browser shows it, it loads nothing and is not framed (OWASP, REST Security). */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/**
 * Creates a middleware that adds the headers which make browsers careful with an answer. ASVS 3.4.
 *
 * @param contentSecurityPolicy By default the answer may load nothing. A route may have a policy of its own.
 */
export function securityHeaders(
  contentSecurityPolicy: Readonly<Record<string, string[]>> = API_POLICY,
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy,
    xFrameOptions: "DENY",
    // Only the proxy that terminates TLS knows whether the host is reached by TLS alone.
    strictTransportSecurity: false,
    overwrite: false,
  });
}

/**
 * Creates a middleware that lets the pages of these origins call the routes behind it, and read the answers (Fetch, 3.2).
 * Without an origin in the list there is no CORS at all. Cookies are never allowed: a session is a header, which a
 * browser does not send by itself.
 */
export function corsMiddleware(origins: readonly string[]): MiddlewareHandler {
  const allow = cors({
    origin: [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    allowHeaders: ["Content-Type", "Idempotency-Key", "X-Request-Id", SESSION_UUID_HEADER],
    exposeHeaders: ["RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (c, next) => {
    const isPreflight = c.req.header("Access-Control-Request-Method") !== undefined;
    const isListed = origins.includes(c.req.header("Origin") ?? "");
    // Hono would answer every OPTIONS request, also those that are not a preflight.
    if (!isListed || (c.req.method === "OPTIONS" && !isPreflight)) return await next();
    return await allow(c, next);
  };
}

/** How long a browser may remember that a request is allowed. */
const PREFLIGHT_SECONDS = 600;
