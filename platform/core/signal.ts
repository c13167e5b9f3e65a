/** A signal that one task waits for. */
export interface Signal {
  /** Ends the wait, or the next one if no task waits at present. */
  readonly raise: () => void;
  /** Waits for the signal, at most `ms` milliseconds, and not once `ending` is aborted. */
  wait(ms: number, ending: AbortSignal): Promise<void>;
}

/** Creates a signal. */
export function createSignal(): Signal {
  let isRaised = false;
  let wake = () => {};
  return {
    raise() {
      isRaised = true;
      wake();
    },
    async wait(ms, ending) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const onEnding = () => resolve();
      if (isRaised || ending.aborted) resolve();
      const timer = setTimeout(resolve, ms);
      ending.addEventListener("abort", onEnding);
      await promise;
      clearTimeout(timer);
      ending.removeEventListener("abort", onEnding);
      isRaised = false;
    },
  };
}
