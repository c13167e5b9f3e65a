import type { Context, MiddlewareHandler } from "hono";
import { type Client, clientAddress, NO_PROXIES, type TrustedProxies } from "../core/client_address.ts";
import { adoptRequestId, type RequestContext, runWithRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import { Overloaded } from "../core/load_shedder.ts";
import type { Logger } from "../log/logger.ts";
import { SESSION_UUID_HEADER } from "./auth_middleware.ts";
import { httpErrorHandler } from "./error_answer.ts";
import type { HttpConnection } from "./server.ts";

const PROBES = new Set(["/healthz", "/readyz"]);

/**
 * Creates the outermost middleware of every HTTP app: it opens the request context (id, client, and a deadline of 5 s),
 * adds `X-Request-Id` to the answer, keeps answers out of caches, and logs each request once, when it is answered (at debug
 * level if it was refused because of overload).
 */
export function requestMiddleware(log: Logger, trustedProxies = NO_PROXIES): MiddlewareHandler {
  const answerError = httpErrorHandler(log);
  return async (c, next) => {
    const startedAt = performance.now();
    const requestId = adoptRequestId(c.req.header("X-Request-Id"));
    const context: RequestContext = {
      requestId,
      deadline: Date.now() + REQUEST_LIMIT_MS,
      isCancelled: () => c.req.raw.signal.aborted,
      client: readClient(c, trustedProxies),
    };
    await runWithRequest(context, async () => {
      try {
        await next();
      } catch (thrown) {
        // Hono passes only instances of Error to the app's handler; anything else would become Deno's own bare 500.
        c.res = await answerError(new Error("a value that is not an Error was thrown", { cause: thrown }), c);
      }
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      const level = PROBES.has(c.req.path) || c.error instanceof Overloaded ? "debug" : "info";
      const { method, path } = c.req;
      log[level]({ method, path, status: c.res.status, duration_ms: durationMs }, "request answered");
    });
    if (c.req.raw.method === "HEAD") await setContentLength(c);
    c.res.headers.set("X-Request-Id", requestId);
    forbidCaching(c.res);
  };
}

function readClient(c: Context, trustedProxies: TrustedProxies): Client {
  // A test that calls the app without a server has no connection.
  const connection: Partial<HttpConnection> | undefined = c.env;
  return {
    address: clientAddress(connection?.remoteAddress, c.req.header("X-Forwarded-For"), trustedProxies),
    userAgent: c.req.header("User-Agent"),
  };
}

/** Hono drops the body of the GET answer but does not give its length, and Deno would send 0 (RFC 9110, 9.3.2). */
async function setContentLength(c: Context): Promise<void> {
  if (c.res.body === null) return;
  const { byteLength } = await c.res.clone().arrayBuffer();
  c.res.headers.set("Content-Length", String(byteLength));
}

/**
 * Keeps the answer out of shared caches, which would give it to other callers (RFC 9111, 3.5; ASVS 14.3.2). A route
 * may allow caching by a `Cache-Control` of its own, except for its errors.
 */
function forbidCaching({ headers, status }: Response): void {
  if (headers.has("Cache-Control") && status < 400) return;
  headers.set("Cache-Control", "no-store");
  headers.append("Vary", SESSION_UUID_HEADER);
}
