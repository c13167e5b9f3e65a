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
