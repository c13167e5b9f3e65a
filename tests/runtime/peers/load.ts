import { type Client, connectivityState } from "@grpc/grpc-js";
import { connect, echo, type Ending } from "./echo.ts";

/** How the calls of a load went. */
export interface Report {
  /** Calls answered well. */
  readonly well: number;
  /** Calls that ended otherwise, by `<code> <details>`. */
  readonly failed: Readonly<Record<string, number>>;
  /** How long the longest call took, in milliseconds. */
  readonly longestMs: number;
}

/** Keeps a number of calls to a server in flight, save while it rests. */
export class Load {
  readonly #target: string;
  readonly #inFlight: number;
  readonly #failed: Record<string, number> = {};
  #client: Client;
  #callers: readonly Promise<void>[] = [];
  #isResting = true;
  #begun = 0;
  #well = 0;
  #longestMs = 0;

  constructor(target: string, inFlight: number) {
    this.#target = target;
    this.#inFlight = inFlight;
    this.#client = connect(target);
    this.resume();
  }

  /** Begins no more calls, and waits for the end of each. */
  async rest(): Promise<void> {
    this.#isResting = true;
    await Promise.all(this.#callers);
  }

  /** Begins to call again after a rest. */
  resume(): void {
    this.#isResting = false;
    this.#callers = Array.from({ length: this.#inFlight }, () => this.#callUntilRest());
  }

  /** Closes the connection politely, whatever is in flight on it, and goes on over a new one. */
  reconnect(): void {
    this.#client.close();
    this.#client = connect(this.#target);
  }

  /** Begins that many calls beside the others, as many at once, and cancels each before it is answered. */
  async cancel(count: number): Promise<void> {
    for (let left = count; left > 0; left -= this.#inFlight) {
      await Promise.all(Array.from({ length: Math.min(left, this.#inFlight) }, () => this.#cancelOne()));
    }
  }

  /** Waits until that many calls begun from now on are answered well. */
  async answered(count: number): Promise<void> {
    for (let left = count; left > 0; left -= this.#inFlight) {
      await Promise.all(Array.from({ length: Math.min(left, this.#inFlight) }, () => this.#callUntilWell()));
    }
  }

  /**
   * Waits until the connection is found broken.
   *
   * @throws {Error} if there is none.
   */
  broken(): Promise<void> {
    const channel = this.#client.getChannel();
    return new Promise((resolve, reject) => {
      if (channel.getConnectivityState(false) !== connectivityState.READY) reject(new Error("not connected"));
      channel.watchConnectivityState(connectivityState.READY, Infinity, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** Rests, and closes the connection. */
  async stop(): Promise<void> {
    await this.rest();
    this.#client.close();
  }

  report(): Report {
    return { well: this.#well, failed: this.#failed, longestMs: this.#longestMs };
  }

  async #callUntilRest(): Promise<void> {
    while (!this.#isResting) {
      if (!await this.#call()) await pause();
    }
  }

  async #callUntilWell(): Promise<void> {
    while (!await this.#call()) await pause();
  }

  /** Calls once. @returns Whether it succeeded. */
  async #call(): Promise<boolean> {
    const { ending } = echo(this.#client, this.#begun % TAKE_MS);
    const failure = await this.#count(ending);
    return failure === undefined;
  }

  async #cancelOne(): Promise<void> {
    const { cancel, ending } = echo(this.#client, CANCELLED_TAKE_MS);
    const timer = setTimeout(cancel, CANCEL_AFTER_MS);
    await this.#count(ending);
    clearTimeout(timer);
  }

  async #count(ending: Promise<Ending>): Promise<Ending> {
    const start = performance.now();
    this.#begun++;
    const failure = await ending;
    this.#longestMs = Math.max(this.#longestMs, performance.now() - start);
    if (failure === undefined) this.#well++;
    else this.#failed[failure] = (this.#failed[failure] ?? 0) + 1;
    return failure;
  }
}

/** Calls take 0 to 7 ms at the server, so that they overlap in every order. */
const TAKE_MS = 8;

/** A call to be cancelled is at the server by then, and the server is far from answering. */
const CANCEL_AFTER_MS = 5;
const CANCELLED_TAKE_MS = 200;

/** A pause after a failed call, so that a server that is down is not called in a tight loop. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
