const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Creates a function that says, for each write that a store refuses as read-only, whether to redial now. New
 * connections may lead to the new master; if they do not, each redial only disturbs the reads that still work. So the
 * first refusal redials at once, and later ones after pauses that grow from 2 s to 10 s.
 *
 * @param now A clock in milliseconds.
 */
export function createRedialLimit(now: () => number = () => performance.now()): () => boolean {
  let refusedAt = -Infinity;
  let redialledAt = -Infinity;
  let pauseMs = FIRST_PAUSE_MS;
  return () => {
    const isNewOutage = now() - refusedAt > LONGEST_PAUSE_MS;
    refusedAt = now();
    if (isNewOutage) pauseMs = FIRST_PAUSE_MS;
    else if (refusedAt - redialledAt < pauseMs) return false;
    else pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    redialledAt = refusedAt;
    return true;
  };
}
