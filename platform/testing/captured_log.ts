import { createLogger, type Logger } from "../log/logger.ts";

/** A logger whose lines a test can inspect. */
export interface CapturedLog {
  readonly log: Logger;
  /** All lines so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** All lines so far, as written. */
  readonly text: () => string;
}

/** Creates a logger that keeps its lines. */
export function captureLog(): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const written: string[] = [];
  const stream = {
    write(line: string): void {
      written.push(line);
      lines.push(JSON.parse(line));
    },
  };
  const log = createLogger({ service: "test", level: "trace", format: "json" }, stream);
  return { log, lines, text: () => written.join("") };
}
