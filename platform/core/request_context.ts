import { AsyncLocalStorage } from "node:async_hooks";

/** What is known of a request from its first byte on, before anyone asks who sent it. */
export interface RequestContext {
  /** 1 to 64 of `[A-Za-z0-9_-]`; travels as `X-Request-Id` and stands in every log line. */
  readonly requestId: string;
  /** When the answer must be there, in milliseconds since the epoch; `Infinity` for none. */
  readonly deadline: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and all it awaits, as part of the request. */
export function runWithRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The request under way, or `undefined` outside of any (at start, in background work). */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The caller's request id where it is well-formed, else a fresh one. */
export function adoptRequestId(offered: string | undefined): string {
  return offered !== undefined && REQUEST_ID.test(offered) ? offered : crypto.randomUUID();
}
