/** How long to wait before the first new try, and at most, in milliseconds. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** What lived as long as this was well: the pauses start small anew. In milliseconds. */
const WELL_AFTER_MS = 10_000;

/**
 * How long to wait before what died is started again, in milliseconds.
 *
 * @param previousMs The pause before the life that has just ended; `undefined` before the first one.
 * @param livedMs How long that life lasted, in milliseconds.
 */
export function nextPauseMs(previousMs: number | undefined, livedMs: number): number {
  if (previousMs === undefined || livedMs >= WELL_AFTER_MS) return FIRST_MS;
  return Math.min(previousMs * 2, LONGEST_MS);
}
