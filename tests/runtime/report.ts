import assert from "node:assert/strict";
import { DEADLINE_MS } from "./peers/deadline.ts";
import type { Report } from "./peers/load.ts";

/** What a caller sees when its connection breaks under the call; `14` is `UNAVAILABLE`, `13` is `INTERNAL`. */
export const BROKEN_CONNECTION = [
  /^14 read ECONNRESET$/,
  /^14 Connection dropped$/,
  // A peer gone without a word, or nghttp2's guard against too many resets: no fault of the server's code.
  /^13 Received RST_STREAM with code 2 triggered by internal client error: /,
];

/** What a caller sees if no server listens: the call was never sent. */
export const NO_CONNECTION = [/^14 No connection established/];

/** What a caller sees when its server is there and does not answer; `4` is `DEADLINE_EXCEEDED`. */
export const SILENCE = [/^4 Deadline exceeded/];

/** What a caller sees when it cancels. */
export const CANCELLED = [/^1 Cancelled on client$/];

/** Asserts that calls succeeded, that all were answered in time, and that none failed in another way than allowed. */
export function assertReport(report: Report, allowed: readonly RegExp[]): void {
  const foreign = Object.keys(report.failed).filter((ending) => !allowed.some((way) => way.test(ending)));
  assert.deepEqual(foreign, []);
  assert.ok(report.well > 0);
  assert.ok(report.longestMs < DEADLINE_MS + LATENESS_MS, `a call took ${report.longestMs} ms`);
}

/** How late a timer may fire on a busy machine, in milliseconds. */
export const LATENESS_MS = 1_000;
