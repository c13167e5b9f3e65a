import { volumesFile } from "./docker/volumes.ts";
import { BackingMisconfigured, BackingUnavailable, WayUnavailable } from "./errors.ts";
import { exists } from "./files.ts";
import { lastingFolder } from "./local/home.ts";
import { KAFKA_VARIABLE, postgresVariable, REDIS_VARIABLE } from "./named.ts";
import { STORES } from "./stores.ts";
import type { StartedStores, StoreOrder, Way } from "./way.ts";

/** A reason to take stores from one source only. */
export interface Bound {
  readonly to: "docker" | "local";
  /** The reason, as a clause. */
  readonly because: string;
}

/** What {@link startFirstPossible} started, and where it comes from. */
export interface Chosen extends StartedStores {
  readonly source: Bound["to"];
}

/**
 * Starts the needed stores by the first way that is possible here, in the order given.
 *
 * @param bound Excludes the ways to the other source.
 * @throws {BackingUnavailable} when no way is possible
 */
export async function startFirstPossible(
  ways: readonly Way[],
  databases: readonly string[],
  order: StoreOrder,
  bound: Bound | undefined,
): Promise<Chosen> {
  const reasons = new Map<Way["name"], string>();
  for (const way of ways) {
    if (bound && bound.to !== sourceOf(way.name)) {
      reasons.set(way.name, `left out, as ${bound.because}`);
      continue;
    }
    try {
      return { ...await way.start(order), source: sourceOf(way.name) };
    } catch (error) {
      if (!(error instanceof WayUnavailable)) throw error;
      reasons.set(way.name, error.reason);
    }
  }
  throw new BackingUnavailable(explain(reasons, databases, order));
}

function sourceOf(way: Way["name"]): Bound["to"] {
  // What apt-get installs are programs of this machine.
  return way === "docker" ? "docker" : "local";
}

function explain(
  reasons: ReadonlyMap<Way["name"], string>,
  databases: readonly string[],
  { needs }: StoreOrder,
): string {
  const variables = [
    ...(needs.has("postgres") ? databases.map(postgresVariable) : []),
    ...(needs.has("redis") ? [REDIS_VARIABLE] : []),
    ...(needs.has("kafka") ? [KAFKA_VARIABLE] : []),
  ];
  return [
    `no ${
      [...needs].map((name) => STORES[name].title).join(" and no ")
    } available. Any one of these would do:`,
    `  1. stores that the environment names: ${variables.join(", ")} not set`,
    `  2. containers of a Docker engine: ${reasons.get("docker")}`,
    `  3. this machine's own programs: ${reasons.get("local")}`,
    `  4. installing them by apt-get, as root on Debian or Ubuntu: ${reasons.get("apt")}`,
  ].join("\n");
}

/**
 * Reads which source `BACKING` names, if any.
 *
 * @throws {BackingMisconfigured} when it is neither `docker` nor `local`
 */
export function boundByEnvironment(backing: string | undefined): Bound | undefined {
  switch (backing) {
    case undefined:
    case "":
      return undefined;
    case "docker":
    case "local":
      return { to: backing, because: `BACKING is ${backing}` };
    default:
      throw new BackingMisconfigured(`BACKING is "${backing}": it must be docker or local, or not be set`);
  }
}

/**
 * Finds the source that kept the data of the last run: a Docker engine that answers today must not hide what the
 * machine's own Postgres has kept, nor the other way round.
 */
export async function boundByData(dataDir: string): Promise<Bound | undefined> {
  const [inDocker, inFolder] = await Promise.all([
    exists(volumesFile(dataDir)),
    lastingFolder(dataDir).then(exists),
  ]);
  if (inDocker === inFolder) return undefined;
  return inDocker
    ? { to: "docker", because: `the data of ${dataDir} are in Docker volumes (BACKING=local takes others)` }
    : { to: "local", because: `the data of ${dataDir} are in a local folder (BACKING=docker takes others)` };
}
