import { Hono } from "hono";
import { except } from "hono/combine";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Authorize } from "../auth/authorize.ts";
import { currentSession } from "../auth/caller.ts";
import type { TrustedProxies } from "../core/client_address.ts";
import type { RateLimit } from "../core/rate_limit.ts";
import type { Logger } from "../log/logger.ts";
import { authMiddleware } from "./auth_middleware.ts";
import { corsMiddleware, securityHeaders } from "./browser_headers.ts";
import { addDocsRoutes, type AsyncApiDocument, type OpenApiDocument } from "./docs.ts";
import { type ErrorBody, httpErrorHandler } from "./error_answer.ts";
import { addHealthRoutes, type Readiness } from "./health_routes.ts";
import { openOperations } from "./open_operations.ts";
import { rateLimitMiddleware } from "./rate_limit_middleware.ts";
import { requestMiddleware } from "./request_middleware.ts";

/** Options of {@linkcode createApi}. */
export interface ApiOptions {
  readonly log: Logger;
  readonly authorize: Authorize;
  readonly readiness: Readiness;
  /** How many requests each session may make under `/api`. */
  readonly requestsPerSession?: RateLimit;
  /** The proxies whose `X-Forwarded-For` is believed; none by default. */
  readonly trustedProxies?: TrustedProxies;
  /** The web origins whose pages may call the operations under `/api`; none by default. */
  readonly corsOrigins?: readonly string[];
  /** Whether to serve the documents below, and a page to read them; not by default. */
  readonly docs?: boolean;
  /** Describes the operations under `/api`; those with `security: []` are open to all. */
  readonly document: OpenApiDocument;
  /** Describes the events that the service publishes, if it does. */
  readonly events?: AsyncApiDocument;
}

/**
 * Creates the app of an HTTP door with everything that every door has: request ids, deadlines, a log line per request,
 * error answers, `no-store`, security headers, CORS, a session required and its requests limited for
 * everything under `/api` except the document's open operations, and, open to all, health routes and, if they are wanted, the documents. Add
 * the operations with `route`.
 */
export function createApi(
  {
    log,
    authorize,
    readiness,
    requestsPerSession,
    trustedProxies,
    corsOrigins = [],
    docs = false,
    document,
    events,
  }: ApiOptions,
): Hono {
  const app = new Hono();
  app.onError(httpErrorHandler(log));
  app.notFound((c) => {
    const body: ErrorBody = { code: 404, message: "no such route", reason: "NO_SUCH_ROUTE" };
    return c.json(body, 404);
  });
  app.use(securityHeaders());
  app.use(requestMiddleware(log, trustedProxies));
  app.use("/api/*", corsMiddleware(corsOrigins));
  app.use("/api/*", except(openOperations(document), authMiddleware(authorize)));
  if (requestsPerSession !== undefined) {
    app.use("/api/*", rateLimitMiddleware(requestsPerSession, () => currentSession()?.sessionUuid));
  }
  refuseOtherMethods(app);
  addHealthRoutes(app, readiness);
  if (docs) addDocsRoutes(app, document, events);
  return app;
}

/** Answers 405 with `Allow` if the path exists but not for the request's method (RFC 9110, 15.5.6). */
function refuseOtherMethods(app: Hono): void {
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed(c, methods) {
      const allow = methods.toSorted().join(", ");
      const message = `${c.req.method} is not allowed here; ${allow} is`;
      const body: ErrorBody = { code: 405, message, reason: "METHOD_NOT_ALLOWED" };
      return c.json(body, 405, { Allow: allow });
    },
  }));
}
