import { setTimeout as sleep } from "node:timers/promises";

/** Waits for `ms` milliseconds, 24 days at most as any timer, or until `ending` is aborted. */
export async function pauseFor(ms: number, ending: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: ending });
  } catch (error) {
    if (!ending.aborted) throw error;
  }
}
