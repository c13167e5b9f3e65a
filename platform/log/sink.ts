/** Takes finished lines and writes them later, so that logging never waits. */
export interface LogSink {
  /** Accepts a line with its line break, or drops and counts it if too much is waiting to be written. */
  write(line: string): void;
  /** Waits until all accepted lines are written, writing fails, or the time has passed, in milliseconds. */
  flush(withinMs: number): Promise<void>;
}

/** How many lines were dropped because they could not be written. */
export interface DroppedLines {
  /** Lines about a request, of which each request has one or two: see {@linkcode isRequestLine}. */
  readonly request: number;
  /** All others: what was done, by whom, and what failed. */
  readonly other: number;
}

/** Options of {@linkcode createLogSink}. */
export interface LogSinkOptions {
  /** Writes some of the bytes and returns how many; it may take any time, and it may throw. */
  readonly writeBytes: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** Called once lines are written again after some were dropped; it may log. */
  readonly onDropped: (dropped: DroppedLines) => void;
}

/** How many characters may wait at most; lines about requests only while less than half of that is waiting. */
const MAX_WAITING = 1024 * 1024;

/** Lines of this time are written together, because each write costs as much as several lines. In milliseconds. */
const GATHER_MS = 20;

/** How long to wait before writing is tried again after it has failed, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Creates a sink of bounded size. A reader that stalls or a disk that is full costs lines, which are counted, but never
 * blocks or ends the process. Lines about requests are dropped first, so that the others last longest.
 */
export function createLogSink({ writeBytes, onDropped }: LogSinkOptions): LogSink {
  const encoder = new TextEncoder();
  let waiting = "";
  let dropped = { request: 0, other: 0 };
  let isFailing = false;
  let writing: Promise<void> | undefined;

  async function writeWaiting(): Promise<void> {
    await pause(GATHER_MS);
    while (waiting !== "") {
      const bytes = encoder.encode(waiting);
      waiting = "";
      await writeAll(bytes);
      if (dropped.request + dropped.other === 0) continue;
      const report = dropped;
      dropped = { request: 0, other: 0 };
      onDropped(report);
    }
    writing = undefined;
  }

  async function writeAll(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      try {
        written += await writeBytes(bytes.subarray(written));
        isFailing = false;
      } catch {
        // The disk is full or the reader has gone. The log itself is where this would be reported.
        isFailing = true;
        await pause(RETRY_MS, (timer) => timer.unref());
      }
    }
  }

  return {
    write(line) {
      const room = MAX_WAITING - waiting.length - line.length;
      if (room < 0 || (room < MAX_WAITING / 2 && isRequestLine(line))) {
        dropped[isRequestLine(line) ? "request" : "other"]++;
        return;
      }
      waiting += line;
      writing ??= writeWaiting();
    },
    async flush(withinMs) {
      const giveUpAt = performance.now() + withinMs;
      while (writing !== undefined && !isFailing && performance.now() < giveUpAt) {
        await Promise.race([writing, pause(Math.min(GATHER_MS, withinMs))]);
      }
    },
  };
}

/** Whether a line is about a request as such, and so comes as often as requests do. */
export function isRequestLine(line: string): boolean {
  return REQUEST_LINE.test(line);
}

/** pino writes the message last; searching for it anywhere would find quoted ones. */
const REQUEST_LINE = /"msg":"(?:call|request) (?:answered|failed|faulted)"\}\n$/;

/** @param onTimer Gets the timer; an unreferenced one does not keep a finished program alive. */
function pause(
  ms: number,
  onTimer: (timer: ReturnType<typeof setTimeout>) => void = () => {},
): Promise<void> {
  return new Promise((resolve) => onTimer(setTimeout(resolve, ms)));
}
