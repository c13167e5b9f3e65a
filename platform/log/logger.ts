import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";
import { prettyFactory, type PrettyOptions } from "pino-pretty";
import { currentRequest } from "../core/request_context.ts";
import { toLoggable } from "./loggable.ts";
import { createLogSink, type DroppedLines, type LogSink } from "./sink.ts";

/**
 * A structured logger: `log.info({ user_uuid }, "session opened")`. Events with fields, not prose.
 *
 * pino's `child` is left out: fields bound to a child would bypass `toLoggable`.
 */
export type Logger = Pick<PinoLogger, Exclude<typeof LOG_LEVELS[number], "silent">>;

/** The levels, from the most to the least verbose. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How a line is written: for people, or one JSON object per line. */
export const LOG_FORMATS = ["pretty", "json"] as const;

/** Options of {@linkcode createLogger}. */
export interface LoggerOptions {
  /** Part of every line. */
  readonly service: string;
  readonly level: typeof LOG_LEVELS[number];
  readonly format: typeof LOG_FORMATS[number];
}

/**
 * Creates a service's logger. Every line has the service and, inside a request, its id; no line has a secret.
 *
 * Logging never waits: lines are written to standard output in the background, and dropped and counted if they can't be
 * written. Call {@linkcode flushLogs} before the process exits.
 *
 * @param stream Where the lines go instead.
 */
export function createLogger(
  { service, level, format }: LoggerOptions,
  stream?: DestinationStream,
): Logger {
  const onDropped = (dropped: DroppedLines) => log.warn({ dropped }, "log lines dropped");
  const log = pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: toLoggable },
    // `toLoggable` has already converted the error.
    serializers: { err: (fields: unknown) => fields },
    mixin: () => {
      const request = currentRequest();
      return request === undefined ? {} : { request_id: request.requestId };
    },
  }, stream ?? inBackground(format, onDropped));
  return log;
}

const sinks = new Set<LogSink>();

/**
 * Waits until the lines that were logged to standard output are written, but no longer than it can be.
 *
 * @param withinMs How long to wait at most, in milliseconds, if the reader of the log is slow.
 */
export async function flushLogs(withinMs = 1_000): Promise<void> {
  await Promise.all([...sinks].map((sink) => sink.flush(withinMs)));
}

function inBackground(
  format: LoggerOptions["format"],
  onDropped: (dropped: DroppedLines) => void,
): DestinationStream {
  const sink = createLogSink({ writeBytes: (bytes) => Deno.stdout.write(bytes), onDropped });
  sinks.add(sink);
  if (format === "json") return sink;
  const render = prettyFactory(prettyOptions());
  return { write: (line) => sink.write(render(line)) };
}

/** An output for finished log lines. */
export interface LogOutput {
  /** @param line One line as a logger of format `json` writes it, without the line break. */
  write(line: string): void;
}

/**
 * Creates an output for the log lines of other processes, in the same formats.
 *
 * @param onLost Called when standard output is closed: the pipe or the terminal is gone.
 * @param stream Where the lines go; standard output by default.
 */
export function createLogOutput(
  format: LoggerOptions["format"],
  onLost: () => void,
  stream: DestinationStream = standardOutput(onLost),
): LogOutput {
  const render = format === "json" ? (line: string) => `${line}\n` : prettyFactory(prettyOptions());
  return { write: (line) => stream.write(render(line)) };
}

function standardOutput(onLost: () => void): DestinationStream {
  const stdout = pino.destination({ fd: 1, sync: true });
  stdout.on("error", onLost);
  return stdout;
}

function prettyOptions(): PrettyOptions {
  return {
    colorize: Deno.stdout.isTerminal(),
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
    ignore: "service,pid,hostname",
    messageFormat: "{service}: {msg}",
  };
}
