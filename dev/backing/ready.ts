import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { messageOf, ServerFailed } from "./errors.ts";

/** A server that has just been started. */
export interface StartingServer {
  /** Its name for a person. */
  readonly title: string;
  isRunning(): boolean | Promise<boolean>;
  /** Asks it one question; throws while it is not ready. */
  ask(): Promise<unknown>;
  /** The end of its log. */
  log(): Promise<string>;
}

const START_LIMIT_MS = 120_000;

/**
 * Waits until a server answers.
 *
 * @throws {ServerFailed} with the end of its log, when it ends or does not answer for 2 min
 */
export async function untilReady({ title, isRunning, ask, log }: StartingServer): Promise<void> {
  let cause: unknown;
  let hasEnded = false;
  const isSettled = async () => {
    try {
      hasEnded = !await isRunning();
      if (!hasEnded) await ask();
      return true;
    } catch (error) {
      cause = error;
      return false;
    }
  };
  const inTime = await becomes(isSettled, { withinMs: START_LIMIT_MS, everyMs: 20 });
  if (inTime && !hasEnded) return;
  const problem = hasEnded
    ? "ended while it was starting"
    : `did not answer within ${START_LIMIT_MS} ms (${messageOf(cause)})`;
  throw new ServerFailed(`${title} ${problem}; its log ends with\n${await log()}`, { cause });
}

/** How long to keep trying, and how often, in milliseconds. */
export interface Pace {
  readonly withinMs: number;
  readonly everyMs: number;
}

/** Whether the condition came true in time. */
export async function becomes(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs }: Pace,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!await condition()) {
    if (performance.now() >= end) return false;
    await pause(everyMs);
  }
  return true;
}

/**
 * Makes sure that a port of ours is open on the loopback interface alone.
 *
 * @throws {ServerFailed} if it can be reached at another address of this machine
 */
export async function assertOnlyLoopback(title: string, port: number): Promise<void> {
  const outside = Deno.networkInterfaces()
    .map(({ address }) => address)
    // Link-local IPv6 addresses can't be dialled without naming their interface.
    .filter((address) => !/^(127\.|::1$|fe80:)/i.test(address));
  const open = await Promise.all(
    [...new Set(outside)].map(async (host) => await isOpen(host, port) ? host : ""),
  );
  const reached = open.find((host) => host !== "");
  if (reached === undefined) return;
  throw new ServerFailed(`${title} can be reached from other machines, at ${reached} port ${port}: stopped`);
}

function isOpen(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: 1_000 }, () => resolve(true));
  // A firewall that drops the attempt answers nothing.
  for (const event of ["error", "timeout"]) socket.on(event, () => resolve(false));
  return promise.finally(() => socket.destroy());
}
