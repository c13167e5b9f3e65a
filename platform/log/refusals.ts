import type { Logger } from "./logger.ts";

const INTERVAL_MS = 1_000;

/**
 * Creates a function that counts refused requests by kind. They are logged once a second at most: one line for each
 * would add to the load that they are refused for.
 *
 * @param now A monotonic clock, in milliseconds.
 */
export function createRefusalLog(
  log: Logger,
  now: () => number = () => performance.now(),
): (kind: string) => void {
  let refused: Record<string, number> = {};
  let loggedAt = -Infinity;
  return (kind) => {
    refused[kind] = (refused[kind] ?? 0) + 1;
    if (now() - loggedAt < INTERVAL_MS) return;
    log.warn({ refused }, "overloaded; requests refused");
    refused = {};
    loggedAt = now();
  };
}
