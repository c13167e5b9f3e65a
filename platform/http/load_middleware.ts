import type { MiddlewareHandler } from "hono";
import { timeLeftMs } from "../core/deadline.ts";
import { type LoadShedder, Overloaded, type WorkKind, type WorkPlace } from "../core/load_shedder.ts";
import type { Logger } from "../log/logger.ts";
import { createRefusalLog } from "../log/refusals.ts";

const places = new WeakMap<Request, WorkPlace>();

/** Options of {@linkcode loadMiddleware}. */
export interface LoadOptions {
  readonly shedder: LoadShedder;
  /** The kind of a request's work, by method and path; by default `GET` and `HEAD` read, and all others write. */
  readonly work: Readonly<Record<string, WorkKind>>;
  readonly log: Logger;
}

/**
 * Creates the HTTP adapter of a {@linkcode LoadShedder}: requests that are too many are answered 503, reason
 * `OVERLOADED`.
 */
export function loadMiddleware({ shedder, work, log }: LoadOptions): MiddlewareHandler {
  const kinds = new Map(Object.entries(work));
  const count = createRefusalLog(log);
  return async (c, next) => {
    const { method, path } = c.req;
    const kind = kinds.get(`${method} ${path}`) ?? (method === "GET" || method === "HEAD" ? "read" : "write");
    const place = await shedder.enter(kind, timeLeftMs());
    if (place === undefined) {
      count(kind);
      throw new Overloaded();
    }
    places.set(c.req.raw, place);
    try {
      await next();
    } finally {
      place.leave();
    }
  };
}

/** Waits for bytes of the request's client without a place, so that slow clients take none from others. */
export async function waitForClient<T>(request: Request, wait: () => Promise<T>): Promise<T> {
  const place = places.get(request);
  place?.pause();
  try {
    return await wait();
  } finally {
    place?.resume();
  }
}
