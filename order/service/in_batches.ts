import pLimit from "p-limit";

/** How many items of a batch are worked on at once. */
const AT_ONCE = 10;

/**
 * Works through all items, a batch at a time, until there are no more or the service closes.
 *
 * @param take Takes up to `size` items, so that no other replica does.
 * @param work Handles one item, and its own failures.
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
