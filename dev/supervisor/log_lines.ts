import type { LogOutput } from "@rocket/platform/log";
import { stripVTControlCharacters } from "node:util";
import { linesOf } from "../lines.ts";

/** A line of a service's log that says something to the supervisor. */
export interface LogEvent {
  readonly msg: string;
  readonly address?: string;
}

/** Who wants to see what passes. */
export interface LineListener {
  /** Sees each log line of ours. */
  readonly onEvent?: (event: LogEvent) => void;
  /** Sees each line that is none: a crash, a warning of the runtime, why a start failed. */
  readonly onOther?: (line: string) => void;
}

/**
 * Passes a service's output on to the one log, line by line.
 *
 * What is no log line of ours is wrapped into one that names the service.
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
      // Deno colours its errors, whoever reads them.
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

/** Makes a log line of a line in words. */
export function wrapLine(service: string, line: string): string {
  return JSON.stringify({ level: "warn", time: new Date().toISOString(), service, msg: line });
}

function parseLogLine(line: string): LogEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null || !("msg" in parsed)) return undefined;
    const { msg } = parsed;
    if (typeof msg !== "string") return undefined;
    return "address" in parsed && typeof parsed.address === "string"
      ? { msg, address: parsed.address }
      : { msg };
  } catch {
    return undefined;
  }
}
