import type { Environment } from "../config/read_variable.ts";
import { explainFailure } from "../core/explain_failure.ts";
import { Failure } from "../core/failure.ts";
import { StartError } from "../core/start_error.ts";
import { type ErrorFields, errorFields } from "../log/error_fields.ts";
import { flushLogs, type Logger } from "../log/logger.ts";

/** A service that has started: its doors are open, its stores answer. */
export interface RunningService extends AsyncDisposable {
  readonly log: Logger;
  /** How long the doors and the work may take to close once a signal came, in milliseconds. */
  readonly stopTimeoutMs: number;
}

/** What closing clients and pools may take after that, in milliseconds. */
const CLOSING_LIMIT_MS = 5_000;

/**
 * Runs a service from start to signal: the whole of a `main.ts`.
 *
 * SIGTERM and SIGINT stop it: exit code 0 once everything is closed, 1 if that fails or takes too long. A failed start
 * is reported in one message, an uncaught error in the log; both end the process with exit code 1.
 */
export async function runService(
  start: (environment: Environment) => Promise<RunningService>,
): Promise<never> {
  const stopSignal = nextStopSignal();
  let die: (error: unknown) => void = dieExplaining;
  onUncaught((error) => die(error));
  const started = await Promise.race([start((name) => Deno.env.get(name)).catch(dieExplaining), stopSignal]);
  // Until the start is done, nothing has been accepted that could be lost.
  if (typeof started === "string") return await exit(0);
  const { log, stopTimeoutMs } = started;
  die = (err) => {
    // Until the log is written there may be more, of the same cause.
    die = () => {};
    log.fatal({ err }, "uncaught error");
    exit(1);
  };
  log.info({ signal: await stopSignal }, "stopping");
  setTimeout(() => {
    log.error("stopping took too long");
    exit(1);
  }, stopTimeoutMs + CLOSING_LIMIT_MS);
  await started[Symbol.asyncDispose]();
  log.info("stopped");
  return await exit(0);
}

/** Exits once the log is written, or can't be. */
async function exit(code: 0 | 1): Promise<never> {
  await flushLogs();
  Deno.exit(code);
}

function nextStopSignal(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(signal, () => resolve(signal));
    }
  });
}

/** By default Deno writes all properties of an error to stderr, secrets among them. */
function onUncaught(die: (error: unknown) => void): void {
  // Otherwise Deno ends the process before the log is written.
  globalThis.addEventListener("error", (event) => (event.preventDefault(), die(event.error)));
  globalThis.addEventListener("unhandledrejection", (event) => (event.preventDefault(), die(event.reason)));
}

async function dieExplaining(error: unknown): Promise<never> {
  await flushLogs();
  Deno.stderr.writeSync(new TextEncoder().encode(`${explain(error)}\n`));
  Deno.exit(1);
}

/** An error that a person can fix needs no stack; anything else is a fault and shows its own. */
function explain(error: unknown): string {
  if (error instanceof StartError) return error.message;
  return error instanceof Failure ? explainFailure(error) : trace(errorFields(error));
}

function trace({ type, message, stack = `${type}: ${message}`, cause }: ErrorFields): string {
  return cause === undefined ? stack : `${stack}\ncaused by ${trace(cause)}`;
}
