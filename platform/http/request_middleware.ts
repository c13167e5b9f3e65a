import type { Context, MiddlewareHandler } from "hono";
import { adoptRequestId, runWithRequest } from "../core/request_context.ts";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import type { Logger } from "../log/logger.ts";
import { SESSION_UUID_HEADER } from "./auth_middleware.ts";
import { httpErrorHandler } from "./error_answer.ts";

const PROBES = new Set(["/healthz", "/readyz"]);

/**
 * Creates the outermost middleware of every HTTP app: it opens the request context (id and a deadline of
 * 5 s), answers with `X-Request-Id`, keeps answers out of caches, and logs each request once, when it is answered.
 */
export function requestMiddleware(log: Logger): MiddlewareHandler {
  const answerError = httpErrorHandler(log);
  return async (c, next) => {
    const startedAt = performance.now();
    const requestId = adoptRequestId(c.req.header("X-Request-Id"));
    await runWithRequest({ requestId, deadline: Date.now() + REQUEST_LIMIT_MS }, async () => {
      try {
        await next();
      } catch (thrown) {
        // Hono hands on only errors to the app's own handler; anything else would end in Deno's bare answer.
        c.res = await answerError(new Error("what was thrown is no Error", { cause: thrown }), c);
      }
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      const level = PROBES.has(c.req.path) ? "debug" : "info";
      const { method, path } = c.req;
      log[level]({ method, path, status: c.res.status, duration_ms: durationMs }, "request answered");
    });
    if (c.req.raw.method === "HEAD") await describeBody(c);
    c.res.headers.set("X-Request-Id", requestId);
    keepOutOfCaches(c.res.headers);
  };
}

/** Hono answers HEAD as GET without the body; that the body has no length would be wrong (RFC 9110, 9.3.2). */
async function describeBody(c: Context): Promise<void> {
  if (c.res.body === null) return;
  const { byteLength } = await c.res.clone().arrayBuffer();
  c.res.headers.set("Content-Length", String(byteLength));
}

/**
 * An answer belongs to the one who asked: a shared cache may not give it to another, whatever its own rules say of
 * answers without a lifetime. A route whose answer is for everybody says so itself. RFC 9111 section 3.5, ASVS 14.3.2.
 */
function keepOutOfCaches(headers: Headers): void {
  if (headers.has("Cache-Control")) return;
  headers.set("Cache-Control", "no-store");
  headers.append("Vary", SESSION_UUID_HEADER);
}
