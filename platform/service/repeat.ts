import { pauseFor } from "../core/pause.ts";
import type { Logger } from "../log/logger.ts";

/** Background work of a service. */
export interface RepeatedWork {
  /** What the log calls it, e.g. `end expired reservations`. */
  readonly name: string;
  /** How long to wait after one run before the next, in milliseconds; 24 days at most, as of any timer. */
  readonly everyMs: number;
  /**
   * One run. Everything it waits for must end by itself, because closing waits for the run.
   *
   * @param closing Aborted when the run should begin nothing further.
   */
  readonly run: (closing: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Waits between runs, at most until `closing`; tests pass their own. */
  readonly pause?: (ms: number, closing: AbortSignal) => Promise<void>;
}

/**
 * Repeats background work until it is disposed, one run at a time. A run that fails is logged, and the next one
 * follows as usual. Disposing waits for the current run.
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
