/** The parameters of a fuzz run; the same seed generates the same requests. */
export interface FuzzRuns {
  readonly seed: number;
  readonly numRuns: number;
}

/**
 * Reads FUZZ_SEED and FUZZ_RUNS, to repeat a run or to make a longer one, and prints the values used.
 *
 * @param defaultRuns The number of requests without FUZZ_RUNS.
 */
export function fuzzRuns(defaultRuns: number): FuzzRuns {
  const seed = wholeNumber("FUZZ_SEED") ?? crypto.getRandomValues(new Int32Array(1))[0] ?? 0;
  const numRuns = wholeNumber("FUZZ_RUNS") ?? defaultRuns;
  Deno.stdout.writeSync(new TextEncoder().encode(`${numRuns} requests; repeat with FUZZ_SEED=${seed}\n`));
  return { seed, numRuns };
}

function wholeNumber(name: string): number | undefined {
  const text = Deno.env.get(name);
  if (text === undefined || text === "") return undefined;
  if (!/^-?[0-9]+$/.test(text)) throw new TypeError(`${name} must be a whole number`);
  return Number(text);
}
