/** Lets other work run in between: waits for a few timers, event loop turns and microtasks, in random order. */
export async function interleave(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    if (Math.random() < 0.3) await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    else if (Math.random() < 0.5) await new Promise((resolve) => setImmediate(resolve));
    else await Promise.resolve();
  }
}
