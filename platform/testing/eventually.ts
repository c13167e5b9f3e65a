/** How long to wait for a condition even on a busy machine, and how often to check it, in milliseconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 25;

/**
 * Repeats a check until it passes.
 *
 * @throws the last error of the check, once the time has passed.
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
