import { currentRequest, type RequestContext, runWithRequest } from "./request_context.ts";
import { DeadlineExceeded } from "./failure.ts";

/** How long one hop (a call to a service or store) may take, in milliseconds. */
export const HOP_LIMIT_MS = 2_000;

/** How long a whole request may take at the door, in milliseconds. */
export const REQUEST_LIMIT_MS = 5_000;

/** The deadline of the next hop, in milliseconds since the epoch: a hop's limit from now, or the request's if that is sooner. */
export function hopDeadline(limitMs = HOP_LIMIT_MS): number {
  return Math.min(Date.now() + limitMs, currentRequest()?.deadline ?? Infinity);
}

/** How long the current request may still take, in milliseconds, at least 0; `Infinity` outside of any. */
export function timeLeftMs(): number {
  return Math.max(0, (currentRequest()?.deadline ?? Infinity) - Date.now());
}

/** Whether the caller no longer waits for an answer: the deadline has passed, or the caller has hung up. */
export function isAbandoned(request: RequestContext | undefined = currentRequest()): boolean {
  return request !== undefined && (request.deadline <= Date.now() || request.isCancelled?.() === true);
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
 * Waits for a store's answer no longer than the hop's deadline.
 *
 * @param dependency The store's name, for the failure.
 * @param ask Sends the question; not called after the deadline, so that nothing happens unreported.
 * @param abandon Called if the deadline passes first, to stop the work if possible.
 * @param limitMs How long this hop may take, if that is not the usual limit, in milliseconds.
 * @throws {DeadlineExceeded} if the deadline passes first.
 */
export async function withinHopDeadline<T>(
  dependency: string,
  ask: () => Promise<T>,
  abandon?: () => void,
  limitMs?: number,
): Promise<T> {
  const milliseconds = hopDeadline(limitMs) - Date.now();
  if (milliseconds <= 0) throw new DeadlineExceeded(dependency);
  const answer = ask();
  // By hand, as p-timeout creates an error with its stack for each call: four times the cost, on every session check.
  return await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      abandon?.();
      reject(new DeadlineExceeded(dependency));
    }, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
