/**
 * Base of the hand-written containers: it owns what its getters build and closes it in reverse order.
 *
 * A getter reads `return this.#pool ??= this.own(createPostgres(this.config.postgresUrl));`
 */
export abstract class Container implements AsyncDisposable {
  readonly #owned = new AsyncDisposableStack();

  /** Registers a thing's close, once, where it is built. */
  protected own<T extends AsyncDisposable>(thing: T): T {
    return this.#owned.use(thing);
  }

  /** Closes all that was built, the newest first. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}
