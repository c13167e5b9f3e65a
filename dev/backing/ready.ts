import { ServerFailed } from "./errors.ts";
import { untilSucceeds } from "./poll.ts";

/** A server that has just been started. */
export interface StartingServer {
  /** What a person calls it. */
  readonly title: string;
  isRunning(): boolean | Promise<boolean>;
  /** One question, answered once it is ready, or thrown. */
  ask(): Promise<void>;
  /** The end of what it logged. */
  log(): Promise<string>;
}

const START_LIMIT_MS = 30_000;

/**
 * Waits until a server answers.
 *
 * @throws {ServerFailed} with the end of its log, when it ends or does not answer for 30 s
 */
export async function untilReady(server: StartingServer): Promise<void> {
  const attempt = async () => {
    if (!await server.isRunning()) return false;
    await server.ask();
    return true;
  };
  const pace = { withinMs: START_LIMIT_MS, everyMs: 20 };
  const outcome = await untilSucceeds(attempt, pace).catch((error: unknown) => ({ error }));
  if (outcome === true) return;
  const trouble = outcome ? `did not answer within ${START_LIMIT_MS} ms` : "ended while it was starting";
  throw new ServerFailed(`${server.title} ${trouble}; its log ends with\n${await server.log()}`, {
    cause: outcome ? outcome.error : undefined,
  });
}
