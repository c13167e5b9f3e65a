import pTimeout, { TimeoutError } from "p-timeout";

/** Stopping a container takes 10 s at most; everything else is answered at once. In milliseconds. */
const ANSWER_LIMIT_MS = 20_000;

const TRIES = 3;

/**
 * Asks the Docker engine for something that may be asked for again. The answer is lost at times, when the client sends
 * the question on a connection that is being closed.
 *
 * @param limitMs How long to wait for each answer.
 * @throws {TimeoutError} if three questions are not answered.
 */
export async function askEngine<T>(
  question: () => Promise<T>,
  limitMs: number = ANSWER_LIMIT_MS,
): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await pTimeout(question(), {
        milliseconds: limitMs,
        message: "the Docker engine does not answer",
      });
    } catch (error) {
      if (!(error instanceof TimeoutError) || tries === TRIES) throw error;
    }
  }
}
