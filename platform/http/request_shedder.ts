import type { IncomingMessage, ServerResponse } from "node:http";
import { Hono } from "hono";
import { REQUEST_LIMIT_MS } from "../core/deadline.ts";
import {
  createLoadShedder,
  type LoadShedder,
  Overloaded,
  type WorkKind,
  type WorkPlace,
} from "../core/load_shedder.ts";
import { adoptRequestId } from "../core/request_context.ts";
import type { Logger } from "../log/logger.ts";
import { createRefusalLog } from "../log/refusals.ts";
import { corsMiddleware, securityHeaders } from "./browser_headers.ts";
import { httpErrorHandler } from "./error_answer.ts";
import { requestMiddleware } from "./request_middleware.ts";
import { ANSWERED, type RequestShedder } from "./server.ts";

/** Options of {@linkcode createRequestShedder}. */
export interface RequestShedderOptions {
  readonly log: Logger;
  /** Give the doors of a service the same one. */
  readonly shedder?: LoadShedder;
  /** The kind of a request's work, e.g. of `POST /api/v1/logins`; by default `GET` reads, and all others write. */
  readonly work?: Readonly<Record<string, WorkKind>>;
  /** The web origins whose pages may read refusals; none by default. */
  readonly corsOrigins?: readonly string[];
}

/** Monitoring must see that an overloaded service is alive. */
const ALWAYS_SERVED = new Set(["/healthz", "/readyz"]);

/**
 * Creates the HTTP adapter of a {@linkcode LoadShedder}: requests that are too many are answered 503, reason `OVERLOADED`.
 *
 * A middleware would be too late: the way to it costs three times what a refusal costs here, and as much as a quarter of
 * a read.
 *
 * A request has a place once its body has been read until the app has its answer: sending it takes as long as its client
 * likes.
 */
export function createRequestShedder(
  { log, shedder = createLoadShedder(), work = {}, corsOrigins = [] }: RequestShedderOptions,
): RequestShedder {
  const kinds = new Map(Object.entries(work));
  const count = createRefusalLog(log);
  const refusals = createRefusals(log, corsOrigins);
  return (request, response, run) => {
    const { method = "", url = "" } = request;
    if (ALWAYS_SERVED.has(url)) return run();
    const [path] = url.split("?", 1);
    const kind = kinds.get(`${method} ${path}`) ?? (method === "GET" || method === "HEAD" ? "read" : "write");
    const enter = (place: WorkPlace | undefined) => {
      if (place === undefined) {
        count(kind);
        return void refusals(request.headers.origin).then((refusal) => refuse(request, response, refusal));
      }
      if (hasBody(request)) {
        place.pause();
        request.once("end", place.resume);
      }
      response.once(ANSWERED, place.leave);
      response.once("close", place.leave);
      run();
    };
    const place = shedder.enter(kind, REQUEST_LIMIT_MS);
    if (!(place instanceof Promise)) return enter(place);
    void place.then((place) => response.destroyed || response.closed ? place?.leave() : enter(place));
  };
}

interface Refusal {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Creates the answers to refused requests by the origins of pages, each once, as an app would answer. */
function createRefusals(log: Logger, corsOrigins: readonly string[]) {
  const app = new Hono();
  app.onError(httpErrorHandler(log));
  app.use(securityHeaders(), requestMiddleware(log), corsMiddleware(corsOrigins));
  app.get("/", () => {
    throw new Overloaded();
  });
  const made = new Map<string | undefined, Promise<Refusal>>();
  const make = async (origin: string | undefined): Promise<Refusal> => {
    const answer = await app.request("/", origin === undefined ? {} : { headers: { Origin: origin } });
    return { headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
  return (origin: string | undefined): Promise<Refusal> => {
    const listed = origin !== undefined && corsOrigins.includes(origin) ? origin : undefined;
    const refusal = made.get(listed) ?? make(listed);
    made.set(listed, refusal);
    return refusal;
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, { headers, body }: Refusal): void {
  const { "x-request-id": offered } = request.headers;
  const requestId = adoptRequestId(typeof offered === "string" ? offered : undefined);
  // A body that is not read would hold up the connection's next request.
  request.resume();
  response.writeHead(503, {
    ...headers,
    "x-request-id": requestId,
    "content-length": String(Buffer.byteLength(body)),
  });
  response.end(body);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
