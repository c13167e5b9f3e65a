import { StartError } from "@rocket/platform/core";
import type { Logger, LogOutput } from "@rocket/platform/log";
import { wrapLine } from "./log.ts";
import type { ServiceEnd, ServiceProcess } from "./service_process.ts";

/** What to keep running. */
export interface KeepRunningOptions {
  readonly name: string;
  /** Starts its process; throwing counts as a death. */
  readonly start: () => Promise<ServiceProcess>;
  readonly lines: LogOutput;
  readonly log: Logger;
}

/** A service that is started again whenever it dies, until it is stopped. */
export interface KeptService {
  /** Resolves to the address once it is ready for the first time. Rejects with `CannotStart` if it never is. */
  readonly firstReady: Promise<string>;
  /** Starts it again with the code as it is now. */
  restart(): void;
  /** Stops it for good; resolves when the process has ended. */
  stop(): Promise<void>;
  /** Ends its process at once, if stopping it takes too long. */
  kill(): void;
}

/** A service ended before it was ever ready. */
export class CannotStart extends StartError {
  override readonly name = "CannotStart";

  constructor(readonly service: string, { how, lastWords }: ServiceEnd) {
    super(`${service} could not start: ${lastWords || how}`);
  }
}

/** One run of a service, from start to end. */
interface Life extends ServiceEnd {
  readonly wasReady: boolean;
  readonly ms: number;
}

/**
 * Starts a service and keeps it running. If it dies it is started again after a pause that grows; if a change has
 * broken it, at the next change; if it has never been ready, not at all.
 */
export function keepRunning({ name, start, lines, log }: KeepRunningOptions): KeptService {
  const firstReady = Promise.withResolvers<string>();
  let current: ServiceProcess | undefined;
  let isStopping = false;
  let hasChanged = false;
  let wake = Promise.withResolvers<void>();

  const over = run();
  return {
    firstReady: firstReady.promise,
    restart() {
      hasChanged = true;
      interrupt();
    },
    async stop() {
      isStopping = true;
      interrupt();
      await over;
    },
    kill: () => current?.kill(),
  };

  function interrupt(): void {
    current?.stop();
    wake.resolve();
  }

  async function run(): Promise<void> {
    let hasBeenReady = false;
    let pauseMs: number | undefined;
    while (!isStopping) {
      const isNewCode = hasChanged;
      hasChanged = false;
      wake = Promise.withResolvers();
      const life = await live();
      hasBeenReady ||= life.wasReady;
      if (isStopping) return;
      if (hasChanged) {
        pauseMs = undefined;
      } else if (!hasBeenReady) {
        firstReady.reject(new CannotStart(name, life));
        return;
      } else if (isNewCode && !life.wasReady) {
        log.error({ died: name, how: life.how }, "changed service can't start, waiting for the next change");
        await wake.promise;
      } else {
        pauseMs = nextPauseMs(pauseMs, life.ms);
        log.error({ died: name, how: life.how, pause_ms: pauseMs }, "service died, starting it again");
        await pauseUnlessWoken(pauseMs);
      }
    }
  }

  async function live(): Promise<Life> {
    const startedAt = performance.now();
    let wasReady = false;
    const lived = (end: ServiceEnd) => ({ ...end, wasReady, ms: performance.now() - startedAt });
    try {
      const started = await start();
      started.ready.then((address) => {
        wasReady = true;
        firstReady.resolve(address);
      });
      // A change or a stop came while it was being started.
      if (isStopping || hasChanged) started.stop();
      current = started;
      return lived(await started.ended);
    } catch (error) {
      const lastWords = error instanceof Error ? error.message : String(error);
      for (const line of lastWords.split("\n")) lines.write(wrapLine(name, line));
      return lived({ how: "not even started", lastWords });
    } finally {
      current = undefined;
    }
  }

  async function pauseUnlessWoken(ms: number): Promise<void> {
    const timer = setTimeout(() => wake.resolve(), ms);
    await wake.promise;
    clearTimeout(timer);
  }
}

/** How long to wait before the first new try, and at most, in milliseconds. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** What lived as long as this was healthy: the pauses are short again. In milliseconds. */
const WELL_AFTER_MS = 10_000;

/**
 * How long to wait before a service that died is started again, in milliseconds.
 *
 * @param previousMs The pause before the life that has just ended; `undefined` before the first one.
 * @param livedMs How long that life lasted, in milliseconds.
 */
export function nextPauseMs(previousMs: number | undefined, livedMs: number): number {
  if (previousMs === undefined || livedMs >= WELL_AFTER_MS) return FIRST_MS;
  return Math.min(previousMs * 2, LONGEST_MS);
}
