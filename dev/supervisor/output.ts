import {
  createLogger,
  createLogOutput,
  LOG_FORMATS,
  type Logger,
  type LogOutput,
} from "@rocket/platform/log";
import type { Variables } from "./environment.ts";

/** What `dev` says, and where. */
export interface Output {
  /** The one log, on standard output: what the services have logged. */
  readonly lines: LogOutput;
  /** What `dev` itself logs there. */
  readonly log: Logger;
  /** Tells the person who started it something in words, on standard error: the log stays one. */
  say(text: string): void;
}

/**
 * Opens the outputs in the format that `LOG_FORMAT` asks for, else for people on a terminal and as JSON elsewhere.
 *
 * @param onLost Called when nobody reads the log any more.
 */
export function openOutput(env: Variables, onLost: () => void): Output {
  const format = LOG_FORMATS.find((word) => word === env["LOG_FORMAT"]) ??
    (Deno.stdout.isTerminal() ? "pretty" : "json");
  const lines = createLogOutput(format, onLost);
  const ownLines = { write: (line: string) => lines.write(line.trimEnd()) };
  return { lines, log: createLogger({ service: "dev", level: "info", format: "json" }, ownLines), say };
}

function say(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // The terminal is gone, and with it whoever could be told so.
  }
}
