import { currentRequest } from "./request_context.ts";
import { DeadlineExceeded } from "./failure.ts";

/** How long one hop (a call to a service or store) may take, in milliseconds. */
export const HOP_LIMIT_MS = 2_000;

/** How long a whole request may take at the door, in milliseconds. */
export const REQUEST_LIMIT_MS = 5_000;

/** When the next hop must have answered, in milliseconds since the epoch: a hop's limit from now, or the request's own end if that is sooner. */
export function hopDeadline(): number {
  return Math.min(Date.now() + HOP_LIMIT_MS, currentRequest()?.deadline ?? Infinity);
}

/**
 * Waits for a store's answer, no longer than the hop's deadline.
 *
 * @param dependency The store's name, for the failure.
 * @param answer The answer under way.
 * @param abandon Called when the deadline passes first, to stop the work if it can be stopped.
 * @throws {DeadlineExceeded} when the deadline passes first.
 */
export async function withinHopDeadline<T>(
  dependency: string,
  answer: PromiseLike<T>,
  abandon?: () => void,
): Promise<T> {
  const { promise: expiry, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new DeadlineExceeded(dependency));
    abandon?.();
  }, Math.max(0, hopDeadline() - Date.now()));
  try {
    return await Promise.race([answer, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
