import assert from "node:assert/strict";
import { DEADLINE_MS } from "./peers/deadline.ts";
import type { Report } from "./peers/load.ts";

/** What a caller sees when its connection breaks during the call; `14` is `UNAVAILABLE`, `13` is `INTERNAL`. */
export const BROKEN_CONNECTION = [
  /^14 read ECONNRESET$/,
  /^14 Connection dropped$/,
  // A peer that disappeared, or nghttp2's limit on stream resets: not a fault in the server's code.
  /^13 Received RST_STREAM with code 2 triggered by internal client error: /,
];

/** What a caller sees when no server listens: the call was never sent. */
export const NO_CONNECTION = [/^14 No connection established/];

/** What a caller sees when its server is connected and does not respond; `4` is `DEADLINE_EXCEEDED`. */
export const NO_RESPONSE = [/^4 Deadline exceeded/];

/** What a caller sees when it cancels. */
export const CANCELLED = [/^1 Cancelled on client$/];

/** Asserts that calls succeeded, that all ended in time, and that none failed in a way that is not allowed. */
export function assertReport(report: Report, allowed: readonly RegExp[]): void {
  const unexpected = Object.keys(report.failed).filter((failure) =>
    !allowed.some((pattern) => pattern.test(failure))
  );
  assert.deepEqual(unexpected, []);
  assert.ok(report.succeeded > 0);
  assert.ok(report.longestMs < DEADLINE_MS + LATENESS_MS, `a call took ${report.longestMs} ms`);
}

/** How late a timer may fire on a busy machine, in milliseconds. */
const LATENESS_MS = 30_000;
