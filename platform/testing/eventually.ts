/** How long a condition is waited for, and how often it is looked at, in milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 25;

/**
 * Repeats a check until it passes.
 *
 * @throws what the check threw last, once the time is over.
 */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = PATIENCE_MS): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  while (true) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
