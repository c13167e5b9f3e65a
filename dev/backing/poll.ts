import { setTimeout as pause } from "node:timers/promises";

/** How long to keep trying, and at what pace, in milliseconds. */
export interface Pace {
  readonly withinMs: number;
  readonly everyMs: number;
}

/**
 * Repeats an attempt until it succeeds and returns its result.
 *
 * @throws the last attempt's error once the time is up
 */
export async function untilSucceeds<T>(attempt: () => Promise<T>, { withinMs, everyMs }: Pace): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
    await pause(everyMs);
  }
}

/** Whether the condition came true in time. */
export async function becomes(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs }: Pace,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!await condition()) {
    if (performance.now() >= end) return false;
    await pause(everyMs);
  }
  return true;
}
