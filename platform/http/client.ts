/**
 * What the typed clients of HTTP APIs have in common. It loads nothing of a server.
 *
 * @module
 */
import type { ErrorBody } from "./error_answer.ts";

/** The errors that any operation may be answered with. */
export type CommonErrors = Readonly<Record<401 | 429 | 500 | 503 | 504, { readonly json: ErrorBody }>>;

/** Options of a typed client. */
export interface ClientOptions {
  /** The session to send with each call. */
  readonly sessionUuid?: string;
  /** The timeout of a call, in milliseconds; default 10 s, more than a service takes at most. */
  readonly timeoutMs?: number;
  /** Sends the requests; default the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * Converts the options to those of Hono's client. Calls fail with a `TimeoutError` when they time out, and as those of
 * `fetch` when the service can't be reached.
 */
export function honoOptions(
  { sessionUuid, timeoutMs = 10_000, fetch = globalThis.fetch }: ClientOptions,
): { readonly headers: Record<string, string>; readonly fetch: typeof globalThis.fetch } {
  const headers = sessionUuid === undefined ? {} : { "X-Session-Uuid": sessionUuid };
  return {
    headers,
    fetch: (input, init) => {
      const signals = [AbortSignal.timeout(timeoutMs), init?.signal ?? []].flat();
      return fetch(input, { ...init, signal: AbortSignal.any(signals) });
    },
  };
}
