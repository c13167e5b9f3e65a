/** Takes finished lines and writes them later, so that logging never waits. */
export interface LogSink {
  /** Accepts a line with its line break, or drops and counts it if too much is waiting to be written. */
  write(line: string): void;
  /** Waits until all accepted lines are written, writing fails, or the time has passed, in milliseconds. */
  flush(withinMs: number): Promise<void>;
}

/** What a line is about: a request as such, of which each has one or two; an event to be audited; or anything else. */
export type LineKind = "request" | "other" | "audit";

/** How many lines were dropped because they could not be written. */
export type DroppedLines = Readonly<Record<LineKind, number>>;

/** Options of {@linkcode createLogSink}. */
export interface LogSinkOptions {
  /** Writes some of the bytes and returns how many; it may take any time, and it may throw. */
  readonly writeBytes: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>;
  /** Called once lines are written again after some were dropped; it may log. */
  readonly onDropped: (dropped: DroppedLines) => void;
}

/** How many characters may wait, for a line of each kind to be accepted: what is audited is dropped last. */
const MAX_WAITING: DroppedLines = { request: 512 * 1024, other: 896 * 1024, audit: 1024 * 1024 };

const NONE: DroppedLines = { request: 0, other: 0, audit: 0 };

/** Lines of this time are written together, because each write costs as much as several lines. In milliseconds. */
const GATHER_MS = 20;

/** How long to wait before writing is tried again after it has failed, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Creates a sink of bounded size. A reader that stalls or a disk that is full costs lines, which are counted, but never
 * blocks or ends the process. Lines about requests are dropped first, and those to be audited
 * last.
 */
export function createLogSink({ writeBytes, onDropped }: LogSinkOptions): LogSink {
  const encoder = new TextEncoder();
  let waiting = "";
  let dropped = NONE;
  let isFailing = false;
  let writing: Promise<void> | undefined;

  async function writeWaiting(): Promise<void> {
    await pause(GATHER_MS);
    while (waiting !== "") {
      const bytes = encoder.encode(waiting);
      waiting = "";
      await writeAll(bytes);
      if (dropped === NONE) continue;
      const report = dropped;
      dropped = NONE;
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
      const kind = kindOf(line);
      if (waiting.length + line.length > MAX_WAITING[kind]) {
        dropped = { ...dropped, [kind]: dropped[kind] + 1 };
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

/** Tells what a line is about. Quotes within what a client sent are escaped, so they can't make up a kind. */
export function kindOf(line: string): LineKind {
  if (line.includes('"audit":true')) return "audit";
  return REQUEST_LINE.test(line) ? "request" : "other";
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
