/** Asks a store or service whether it answers; throws where it does not. */
export type Probe = () => Promise<unknown>;

/** Probes by the name of what they ask. */
export type Probes = Readonly<Record<string, Probe>>;

/** What each probe found. */
export type ProbeResults = Readonly<Record<string, "up" | "down">>;

/** Asks all at once. A probe is bounded by its own deadline, and whatever it throws counts as `down`. */
export async function runProbes(probes: Probes): Promise<ProbeResults> {
  const results = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      try {
        await probe();
        return [name, "up"] as const;
      } catch {
        return [name, "down"] as const;
      }
    }),
  );
  return Object.fromEntries(results);
}
