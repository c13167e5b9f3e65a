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

/**
 * Repeats a step until it has no more to do, or the service closes.
 *
 * @param size How much one step does at most.
 * @param step Returns how much it did.
 */
export async function repeatFullBatches(
  size: number,
  closing: AbortSignal,
  step: (size: number) => Promise<number>,
): Promise<void> {
  let done: number;
  do {
    done = await step(size);
  } while (done === size && !closing.aborted);
}
