const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C may arrive several times: from the terminal, and from `deno task`, which passes it on. In milliseconds. */
const ECHO_MS = 500;

/** How long a clean stop may take before everything is ended at once, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A request to stop everything, by a signal or by our own code; it listens for signals until it is disposed. */
export class StopRequest implements Disposable {
  /** Resolves once a stop is requested. */
  readonly requested: Promise<void>;
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  readonly #listeners = SIGNALS.map((name) => ({ name, listener: () => this.#onSignal(name) }));
  #why = "";
  #askedAt = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.requested = new Promise((resolve) => this.soon.addEventListener("abort", () => resolve()));
    for (const { name, listener } of this.#listeners) Deno.addSignalListener(name, listener);
  }

  /** Aborted once everything should stop cleanly. */
  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  /** Aborted once everything should end at once: a signal came again, or the clean stop took too long. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** The reason of the first request; empty before it. */
  get why(): string {
    return this.#why;
  }

  /** Requests a clean stop; does nothing if one is under way. */
  request(why: string): void {
    if (this.soon.aborted) return;
    this.#why = why;
    this.#askedAt = performance.now();
    this.#patience = setTimeout(() => this.#now.abort(), PATIENCE_MS);
    this.#soon.abort();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#patience);
    for (const { name, listener } of this.#listeners) Deno.removeSignalListener(name, listener);
  }

  #onSignal(name: Deno.Signal): void {
    const isAgain = this.soon.aborted && performance.now() - this.#askedAt > ECHO_MS;
    if (isAgain) this.#now.abort();
    else this.request(name);
  }
}
