/** What an attack achieved. */
export interface AttackResult {
  /** In words, for the table. */
  readonly outcome: string;
  /** What it must not achieve. */
  readonly faults: readonly string[];
  /** How requests of others may fail because of it, as in `Experience.failures`. */
  readonly excused?: readonly string[];
}

/** How long an attack lasts, in milliseconds. */
export const ATTACK_MS = 6_000;

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Repeats work while the attack lasts, that many times at once. @returns How often each result came. */
export async function repeatWhileAttacking(
  atOnce: number,
  work: () => Promise<string>,
): Promise<ReadonlyMap<string, number>> {
  const results = new Map<string, number>();
  const end = performance.now() + ATTACK_MS;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (performance.now() < end) {
      const result = await work().catch((error) => error instanceof Error ? error.name : "error");
      results.set(result, (results.get(result) ?? 0) + 1);
    }
  }));
  return results;
}

/** Shows counts, the largest first. */
export function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 4).map(([what, count]) =>
    `${count} × ${what}`
  )
    .join(", ");
}
