/** Asks a store or service whether it can serve; throws if it can't. */
export type Probe = () => Promise<unknown>;

/** Probes by the name of what they ask. */
export type Probes = Readonly<Record<string, Probe>>;

/** What the failed probes threw, by name; empty if all succeeded. */
export type ProbeFailures = ReadonlyMap<string, unknown>;

/** Runs all probes at once. Each is bounded by its own deadline. */
export async function runProbes(probes: Probes): Promise<ProbeFailures> {
  const failures = new Map<string, unknown>();
  await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      try {
        await probe();
      } catch (error) {
        failures.set(name, error);
      }
    }),
  );
  return failures;
}

/** The least time between two runs of probes that anyone may ask for, in milliseconds. */
const MAX_AGE_MS = 1_000;

/**
 * Creates a function that runs the probes at most once a second: callers in between share the last result, or the run
 * under way. So a flood of questions costs the stores no more than one caller.
 *
 * @param now A monotonic clock, in milliseconds.
 */
export function createProbeCache(
  probes: Probes,
  now: () => number = () => performance.now(),
): () => Promise<ProbeFailures> {
  let last: Promise<ProbeFailures> | undefined;
  let isRunning = false;
  let startedAt = -Infinity;
  return () => {
    if (last === undefined || (!isRunning && now() - startedAt >= MAX_AGE_MS)) {
      startedAt = now();
      isRunning = true;
      last = runProbes(probes).finally(() => isRunning = false);
    }
    return last;
  };
}
