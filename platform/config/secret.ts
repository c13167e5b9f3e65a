/** The text that a secret has at a moment, and what it means. */
export interface Reading<T> {
  readonly text: string;
  readonly value: T;
}

/**
 * The value of a secret variable. It changes while the service runs if it comes from a file: take `value` at each use,
 * and keep no copy. Nothing that prints objects shows it.
 */
export class Secret<T> {
  #current: Reading<T>;
  readonly #readAgain: (() => Promise<Reading<T>>) | undefined;

  /**
   * @param variable The name of the variable, which messages and the log may show.
   * @param readAgain Reads the secret's file; absent if the secret does not come from one.
   */
  constructor(readonly variable: string, first: Reading<T>, readAgain?: () => Promise<Reading<T>>) {
    this.#current = first;
    this.#readAgain = readAgain;
  }

  get value(): T {
    return this.#current.value;
  }

  /** Whether the value may change. */
  get isFromFile(): boolean {
    return this.#readAgain !== undefined;
  }

  /**
   * Reads the file again, if there is one.
   *
   * @returns Whether the secret has changed.
   * @throws {InvalidConfig} if the file can't be read or breaks the variable's rule; the secret stays as it is.
   */
  async refresh(): Promise<boolean> {
    const next = await this.#readAgain?.();
    if (next === undefined || next.text === this.#current.text) return false;
    this.#current = next;
    return true;
  }
}

/** The present value of what may be a secret that changes. */
export function currentValue<T extends string>(text: T | Secret<T>): T {
  return text instanceof Secret ? text.value : text;
}

/** The secrets among the values of a configuration. */
export function secretsOf(config: object): readonly Secret<unknown>[] {
  return Object.values(config).filter((value) => value instanceof Secret);
}
