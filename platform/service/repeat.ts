import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../log/logger.ts";

/** Work that a service does beside its calls. */
export interface RepeatedWork {
  /** What the log calls it, e.g. `end expired reservations`. */
  readonly name: string;
  /** How long to wait after one run before the next, in milliseconds; 24 days at most, as of any timer. */
  readonly everyMs: number;
  /**
   * One run. What it waits for needs an end of its own: closing waits for it.
   *
   * @param closing Aborted once no more than what is begun should be done.
   */
  readonly run: (closing: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Waits between runs, no longer than until `closing`; a test's own, or real time. */
  readonly pause?: (ms: number, closing: AbortSignal) => Promise<void>;
}

/**
 * Repeats a piece of work from now on until it is disposed, one run at a time. A run that fails is logged, and the
 * next one comes as ever. Disposing waits for the run under way.
 *
 * A service begins when it is ready, after its migrations, and its container owns what this gives.
 */
export function repeat({ name, everyMs, run, log, pause = pauseFor }: RepeatedWork): AsyncDisposable {
  const closing = new AbortController();
  const repeating = (async () => {
    while (!closing.signal.aborted) {
      try {
        await run(closing.signal);
      } catch (err) {
        log.warn({ err, work: name }, "background work failed");
      }
      await pause(everyMs, closing.signal);
    }
  })();
  return {
    [Symbol.asyncDispose]() {
      closing.abort();
      return repeating;
    },
  };
}

async function pauseFor(ms: number, closing: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: closing });
  } catch (error) {
    if (!closing.aborted) throw error;
  }
}
