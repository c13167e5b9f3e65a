import pino, { type DestinationStream, type Logger as PinoLogger } from "pino";
import pretty, { prettyFactory, type PrettyOptions } from "pino-pretty";
import { currentRequest } from "../core/request_context.ts";
import { toLoggable } from "./loggable.ts";

/**
 * A structured logger: `log.info({ user_uuid }, "session opened")`. Events, with fields, never prose.
 *
 * pino's `child` is left out: the fields bound to one would pass by `toLoggable`.
 */
export type Logger = Pick<PinoLogger, Exclude<typeof LOG_LEVELS[number], "silent">>;

/** The levels, from the most to the least talkative. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How a line is written: for people, or one JSON object per line. */
export const LOG_FORMATS = ["pretty", "json"] as const;

/** What a service's logger is built from. */
export interface LoggerOptions {
  /** Stands in every line. */
  readonly service: string;
  readonly level: typeof LOG_LEVELS[number];
  readonly format: typeof LOG_FORMATS[number];
}

/**
 * Creates a service's logger. Every line carries the service, and inside a request its id; no line carries a secret.
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
    // By the time pino would make an error readable, `toLoggable` has.
    serializers: { err: (fields: unknown) => fields },
    mixin: () => {
      const request = currentRequest();
      return request === undefined ? {} : { request_id: request.requestId };
    },
  }, stream);
}

/** Where finished log lines go. */
export interface LogOutput {
  /** @param line One line as a logger of format `json` writes it, without its line end. */
  write(line: string): void;
}

/**
 * Creates an output for lines that other processes logged, in the same formats.
 *
 * @param onLost Called when nobody reads standard output any more: the pipe or the terminal is closed.
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
