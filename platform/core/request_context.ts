import { AsyncLocalStorage } from "node:async_hooks";
import type { Client } from "./client_address.ts";

/** The facts about a request that are known before its caller is. */
export interface RequestContext {
  /** 1 to 64 of `[A-Za-z0-9_-]`; sent on as `X-Request-Id`, and part of every log line. */
  readonly requestId: string;
  /** When the answer is due, in milliseconds since the epoch; `Infinity` for no deadline. */
  readonly deadline: number;
  /** Whether the caller has hung up. */
  readonly isCancelled?: () => boolean;
  /** Who sent it; set by the adapters of the doors. */
  readonly client?: Client;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and everything it awaits, as part of the request. */
export function runWithRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The current request, or `undefined` outside of any (at start, in background work). */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The caller's request id if it is well-formed, else a new one. */
export function adoptRequestId(offered: string | undefined): string {
  return offered !== undefined && REQUEST_ID.test(offered) ? offered : crypto.randomUUID();
}
