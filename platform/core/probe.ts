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
