import pLimit from "p-limit";

/** How many of a batch are worked on at once. */
const AT_ONCE = 10;

/**
 * Works through what there is to do, a batch at a time, until there is no more or the service closes.
 *
 * @param take Takes up to `size` things to do, so that nobody else does.
 * @param work Does one of them; it handles its own failures.
 */
export async function inBatches<T>(
  size: number,
  take: (size: number) => Promise<readonly T[]>,
  work: (thing: T) => Promise<void>,
  closing: AbortSignal,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  while (!closing.aborted) {
    const batch = await take(size);
    await Promise.all(batch.map((thing) =>
      limit(async () => {
        if (!closing.aborted) await work(thing);
      })
    ));
    if (batch.length < size) return;
  }
}
