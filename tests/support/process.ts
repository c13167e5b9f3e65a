import { linesOf } from "@rocket/dev/lines";
import { usedSecrets } from "./used_secrets.ts";

/** A process's environment and folder; what is not set is inherited. */
export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string | URL;
}

/** Starts a process whose output a test can wait for, and which ends with its scope (`await using`). */
export function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): TestProcess {
  return new TestProcess(
    new Deno.Command(command, {
      ...options,
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
  );
}

/** How long to wait for a line or an exit by default, even on a busy machine, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** How many lines of output a failed wait reports. */
const EXCERPT_LINES = 20;

/**
 * A process under test. Disposing it kills the process, waits for its exit, and fails the test if it printed a password
 * or a session identifier that the suite used.
 */
export class TestProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading = new AbortController();
  readonly #ended: Promise<unknown>;
  readonly #lines: string[] = [];
  readonly #stdoutLines: string[] = [];
  #linesRead = 0;
  #changed = Promise.withResolvers<void>();
  #isEnded = false;
  #status: Deno.CommandStatus | undefined;

  constructor(child: Deno.ChildProcess) {
    this.pid = child.pid;
    this.#child = child;
    this.#stdin = child.stdin.getWriter();
    const read = [this.#collect(child.stdout, this.#stdoutLines), this.#collect(child.stderr)];
    this.#ended = Promise.all([...read, this.#reap()])
      .then(() => this.#isEnded = true)
      .finally(() => this.#reportChange());
  }

  /** Whether the process has neither exited nor been killed. */
  get isRunning(): boolean {
    return this.#status === undefined;
  }

  /**
   * Every line that the process printed, on stdout and stderr.
   *
   * @throws {TypeError} before {@link waitForExit} has returned, as some lines may not have been read yet.
   */
  get output(): readonly string[] {
    return this.#complete(this.#lines);
  }

  /** Every line that the process printed on stdout. @throws {TypeError} like {@link output}. */
  get stdout(): readonly string[] {
    return this.#complete(this.#stdoutLines);
  }

  /**
   * Waits for a line that matches; that line and those before it count as read and are not searched again.
   *
   * @param withinMs In milliseconds.
   * @throws {Error} with the last lines of output, after the time limit or if the process ends without such a line.
   */
  waitForLine(pattern: RegExp, withinMs: number = TIMEOUT_MS): Promise<RegExpMatchArray> {
    return this.#until(() => this.#nextMatch(pattern), `print ${pattern}`, withinMs);
  }

  /**
   * Waits for a line that matches among all lines, including those already read, and marks none as read.
   *
   * @param withinMs In milliseconds.
   * @returns All lines up to and including that one.
   * @throws {Error} like {@link waitForLine}.
   */
  linesUntil(pattern: RegExp, withinMs: number = TIMEOUT_MS): Promise<readonly string[]> {
    const find = () => {
      const index = this.#lines.findIndex((line) => pattern.test(line));
      return index < 0 ? undefined : this.#lines.slice(0, index + 1);
    };
    return this.#until(find, `print ${pattern}`, withinMs);
  }

  /**
   * Waits until the process has exited and everything printed on its pipes has been read: `output` is complete.
   *
   * @param withinMs In milliseconds.
   * @throws {Error} with the last lines of output, after the time limit.
   */
  waitForExit(withinMs: number = TIMEOUT_MS): Promise<Deno.CommandStatus> {
    return this.#until(() => this.#isEnded ? this.#status : undefined, "exit", withinMs);
  }

  /** Writes a line to the process's standard input. */
  async writeLine(line: string): Promise<void> {
    await this.#stdin.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Ends the process's standard input. */
  async endInput(): Promise<void> {
    await this.#stdin.close();
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.#child.kill("SIGKILL");
    await this.#child.status;
    // A surviving grandchild would keep the pipes open.
    this.#reading.abort();
    await this.#stdin.abort();
    await this.#ended;
    usedSecrets.refuseIn(this.#lines, `process ${this.pid}`);
  }

  #complete(lines: readonly string[]): readonly string[] {
    if (!this.#isEnded) throw new TypeError("the output is complete only once the process has exited");
    return lines;
  }

  #nextMatch(pattern: RegExp): RegExpMatchArray | undefined {
    while (this.#linesRead < this.#lines.length) {
      const match = this.#lines[this.#linesRead++]?.match(pattern);
      if (match) return match;
    }
    return undefined;
  }

  async #until<T>(find: () => T | undefined, action: string, withinMs: number): Promise<T> {
    const { promise: expiry, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(this.#failure(`did not ${action} within ${withinMs} ms`)),
      withinMs,
    );
    try {
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        if (this.#isEnded) throw this.#failure(`ended but did not ${action}`);
        await Promise.race([this.#changed.promise, expiry]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #collect(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, streamLines: string[] = []): Promise<void> {
    const { signal } = this.#reading;
    try {
      for await (const line of linesOf(bytes, { signal })) {
        streamLines.push(line);
        this.#lines.push(line);
        this.#reportChange();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #reap(): Promise<void> {
    this.#status = await this.#child.status;
    this.#reportChange();
  }

  #reportChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #failure(what: string): Error {
    const exit = this.#status === undefined
      ? ""
      : ` (${this.#status.signal ?? `exit code ${this.#status.code}`})`;
    const excerpt = this.#lines.slice(-EXCERPT_LINES).join("\n");
    return new Error(`process ${this.pid} ${what}${exit}; its last output:\n${excerpt}`);
  }
}
