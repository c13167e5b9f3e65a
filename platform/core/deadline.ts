import pTimeout from "p-timeout";
import { currentRequest, runWithRequest } from "./request_context.ts";
import { DeadlineExceeded } from "./failure.ts";

/** How long one hop (a call to a service or store) may take, in milliseconds. */
export const HOP_LIMIT_MS = 2_000;

/** How long a whole request may take at the door, in milliseconds. */
export const REQUEST_LIMIT_MS = 5_000;

/** The deadline of the next hop, in milliseconds since the epoch: a hop's limit from now, or the request's if that is sooner. */
export function hopDeadline(): number {
  return Math.min(Date.now() + HOP_LIMIT_MS, currentRequest()?.deadline ?? Infinity);
}

/** How long the current request may still take, in milliseconds, at least 0; `Infinity` outside of any. */
export function timeLeftMs(): number {
  return Math.max(0, (currentRequest()?.deadline ?? Infinity) - Date.now());
}

/**
 * Runs work that must be done even if the request has run out of time, such as giving back what it claimed: each of its
 * hops has the full limit.
 */
export function outsideRequestDeadline<T>(work: () => T): T {
  const request = currentRequest();
  return request === undefined ? work() : runWithRequest({ ...request, deadline: Infinity }, work);
}

/**
 * Asks a store, and waits for its answer no longer than the hop's deadline.
 *
 * @param dependency The store's name, for the failure.
 * @param ask Sends the question; not called after the deadline, so that nothing happens unreported.
 * @param abandon Called if the deadline passes first, to stop the work if possible.
 * @throws {DeadlineExceeded} if the deadline passes first.
 */
export async function withinHopDeadline<T>(
  dependency: string,
  ask: () => Promise<T>,
  abandon?: () => void,
): Promise<T> {
  const milliseconds = hopDeadline() - Date.now();
  if (milliseconds <= 0) throw new DeadlineExceeded(dependency);
  return await pTimeout(ask(), {
    milliseconds,
    fallback() {
      abandon?.();
      throw new DeadlineExceeded(dependency);
    },
  });
}
