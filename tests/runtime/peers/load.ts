import { type Client, connectivityState } from "@grpc/grpc-js";
import { type CallFailure, connect, echo } from "./echo.ts";

/** The outcome of a load's calls. */
export interface Report {
  readonly succeeded: number;
  /** Failed calls, by `<code> <details>`. */
  readonly failed: Readonly<Record<string, number>>;
  /** How long the longest call took, in milliseconds. */
  readonly longestMs: number;
}

/** Keeps a number of calls to a server in flight, except while paused. */
export class Load {
  readonly #target: string;
  readonly #inFlight: number;
  readonly #failed: Record<string, number> = {};
  #client: Client;
  #callers: readonly Promise<void>[] = [];
  #isPaused = true;
  #started = 0;
  #succeeded = 0;
  #longestMs = 0;

  constructor(target: string, inFlight: number) {
    this.#target = target;
    this.#inFlight = inFlight;
    this.#client = connect(target);
    this.resume();
  }

  /** Starts no more calls, and waits until those in flight have ended. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await Promise.all(this.#callers);
  }

  /** Starts to call again after a pause. */
  resume(): void {
    this.#isPaused = false;
    this.#callers = Array.from({ length: this.#inFlight }, () => this.#callUntilPaused());
  }

  /** Closes the connection gracefully, even with calls in flight on it, and continues over a new one. */
  reconnect(): void {
    this.#client.close();
    this.#client = connect(this.#target);
  }

  /** Starts that many further calls, at most `inFlight` at a time, and cancels each before its response. */
  async cancel(count: number): Promise<void> {
    for (let left = count; left > 0; left -= this.#inFlight) {
      await Promise.all(Array.from({ length: Math.min(left, this.#inFlight) }, () => this.#cancelOne()));
    }
  }

  /** Waits until that many calls started from now on have succeeded. */
  async succeed(count: number): Promise<void> {
    for (let left = count; left > 0; left -= this.#inFlight) {
      await Promise.all(
        Array.from({ length: Math.min(left, this.#inFlight) }, () => this.#callUntilSuccess()),
      );
    }
  }

  /**
   * Waits until the connection is found broken.
   *
   * @throws {Error} if it is not connected.
   */
  waitUntilBroken(): Promise<void> {
    const channel = this.#client.getChannel();
    return new Promise((resolve, reject) => {
      if (channel.getConnectivityState(false) !== connectivityState.READY) reject(new Error("not connected"));
      channel.watchConnectivityState(connectivityState.READY, Infinity, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** Pauses, and closes the connection. */
  async stop(): Promise<void> {
    await this.pause();
    this.#client.close();
  }

  report(): Report {
    return { succeeded: this.#succeeded, failed: this.#failed, longestMs: this.#longestMs };
  }

  async #callUntilPaused(): Promise<void> {
    while (!this.#isPaused) {
      if (!await this.#call()) await backOff();
    }
  }

  async #callUntilSuccess(): Promise<void> {
    while (!await this.#call()) await backOff();
  }

  /** Calls once. @returns Whether it succeeded. */
  async #call(): Promise<boolean> {
    const { ended } = echo(this.#client, this.#started % SLOWEST_MS);
    const failure = await this.#count(ended);
    return failure === undefined;
  }

  async #cancelOne(): Promise<void> {
    const { cancel, ended } = echo(this.#client, CANCELLED_CALL_MS);
    const timer = setTimeout(cancel, CANCEL_AFTER_MS);
    await this.#count(ended);
    clearTimeout(timer);
  }

  async #count(ended: Promise<CallFailure>): Promise<CallFailure> {
    const start = performance.now();
    this.#started++;
    const failure = await ended;
    this.#longestMs = Math.max(this.#longestMs, performance.now() - start);
    if (failure === undefined) this.#succeeded++;
    else this.#failed[failure] = (this.#failed[failure] ?? 0) + 1;
    return failure;
  }
}

/** Calls take 0 to 7 ms on the server, so that they overlap in every order. */
const SLOWEST_MS = 8;

/** Late enough for the call to have reached the server, and long before the response. */
const CANCEL_AFTER_MS = 5;
const CANCELLED_CALL_MS = 200;

/** Waits after a failed call, so that a server that is down is not called in a tight loop. */
function backOff(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
