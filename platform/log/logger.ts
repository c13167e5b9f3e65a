import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";
import pretty, { prettyFactory, type PrettyOptions } from "pino-pretty";
import { currentRequest } from "../core/request_context.ts";
import { toLoggable } from "./loggable.ts";

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
 * Lines are written synchronously, so none is lost when the process ends.
 *
 * @param stream Where the lines go; standard output by default.
 */
export function createLogger(
  { service, level, format }: LoggerOptions,
  stream: DestinationStream = destination(format),
): Logger {
  return pino({
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
  }, stream);
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

function destination(format: LoggerOptions["format"]) {
  if (format === "json") return pino.destination({ fd: 1, sync: true });
  return pretty({ sync: true, ...prettyOptions() });
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
