import {
  createLogger,
  createLogOutput,
  LOG_FORMATS,
  type Logger,
  type LogOutput,
} from "@rocket/platform/log";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Variables } from "../environment.ts";
import { linesOf } from "../lines.ts";

/** Where `dev` writes. */
export interface Output {
  /** The one log, on standard output: what the services log. */
  readonly lines: LogOutput;
  /** What `dev` itself logs there. */
  readonly log: Logger;
}

/**
 * Opens the outputs in the format of `LOG_FORMAT`, else for people on a terminal and as JSON elsewhere.
 *
 * @param onLost Called when the reader of the log has gone.
 */
export function openOutput(env: Variables, onLost: () => void): Output {
  const format = LOG_FORMATS.find((word) => word === env["LOG_FORMAT"]) ??
    (Deno.stdout.isTerminal() ? "pretty" : "json");
  const lines = createLogOutput(format, onLost);
  const ownLines = { write: (line: string) => lines.write(line.trimEnd()) };
  return { lines, log: createLogger({ service: "dev", level: "info", format: "json" }, ownLines) };
}

/** Tells the person who started `dev` something, on standard error: it is not part of the log. */
export function say(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // The terminal has gone, and with it the person who could read this.
  }
}

const LogEvent = z.object({ msg: z.string(), address: z.string().optional() });

/** A line of a service's log, as far as the supervisor reads it. */
export type LogEvent = z.infer<typeof LogEvent>;

/** Sees the lines that pass. */
export interface LineListener {
  /** Receives each log line. */
  readonly onEvent?: (event: LogEvent) => void;
  /** Receives each line that is not a log line: a crash, a warning of the runtime, why a start failed. */
  readonly onOther?: (line: string) => void;
}

/**
 * Passes a service's output on to the one log, line by line. A line that is not a log line is wrapped into one that
 * names the service.
 */
export async function forwardLines(
  service: string,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  output: LogOutput,
  { onEvent, onOther }: LineListener = {},
): Promise<void> {
  for await (const line of linesOf(stream)) {
    const event = parseLogLine(line);
    if (event === undefined) {
      // Deno colours its errors even when they are piped.
      const words = stripVTControlCharacters(line).trimEnd();
      if (words === "") continue;
      onOther?.(words);
      output.write(wrapLine(service, words));
    } else {
      onEvent?.(event);
      output.write(line);
    }
  }
}

/** Turns plain text into a log line. */
export function wrapLine(service: string, line: string): string {
  return JSON.stringify({ level: "warn", time: new Date().toISOString(), service, msg: line });
}

function parseLogLine(line: string): LogEvent | undefined {
  try {
    return LogEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
