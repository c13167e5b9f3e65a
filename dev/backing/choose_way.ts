import type { ServerName } from "./backing.ts";
import { BackingUnavailable, WayUnavailable } from "./errors.ts";
import { postgresVariable, REDIS_VARIABLE } from "./named.ts";
import type { ServerOrder, StartedServers, Way } from "./way.ts";

/** A reason to take servers from one source alone. */
export interface Bound {
  readonly to: "docker" | "local";
  /** What it is, as a clause. */
  readonly because: string;
}

/** What {@link startFirstPossible} brought up, and by which way. */
export interface Chosen {
  readonly source: Bound["to"];
  readonly servers: StartedServers;
}

/**
 * Starts the needed servers by the first way that is possible here, in the order given.
 *
 * @param bound where nothing but containers, or nothing but this machine's programs, will do
 * @throws {BackingUnavailable} when no way is possible
 */
export async function startFirstPossible(
  ways: readonly Way[],
  databases: readonly string[],
  order: ServerOrder,
  bound: Bound | undefined,
): Promise<Chosen> {
  const wanting = new Map<Way["name"], string>();
  for (const way of ways) {
    if (bound && bound.to !== sourceOf(way.name)) {
      wanting.set(way.name, `left out, as ${bound.because}`);
      continue;
    }
    try {
      return { source: sourceOf(way.name), servers: await way.start(order) };
    } catch (error) {
      if (!(error instanceof WayUnavailable)) throw error;
      wanting.set(way.name, error.reason);
    }
  }
  throw new BackingUnavailable(explain(wanting, databases, order));
}

function sourceOf(way: Way["name"]): Bound["to"] {
  // What apt-get installs are programs of this machine.
  return way === "docker" ? "docker" : "local";
}

function explain(
  wanting: ReadonlyMap<Way["name"], string>,
  databases: readonly string[],
  { needs }: ServerOrder,
): string {
  const variables = [
    ...(needs.has("postgres") ? databases.map(postgresVariable) : []),
    ...(needs.has("redis") ? [REDIS_VARIABLE] : []),
  ];
  return [
    `there is no ${[...needs].map(titleOf).join(" and no ")} to work with. Any one of these would do:`,
    `  1. servers that the environment names: ${variables.join(", ")} not set`,
    `  2. containers of a Docker engine: ${wanting.get("docker")}`,
    `  3. this machine's own programs: ${wanting.get("local")}`,
    `  4. installing them by apt-get, as root on Debian or Ubuntu: ${wanting.get("apt")}`,
  ].join("\n");
}

function titleOf(server: ServerName): string {
  switch (server) {
    case "postgres":
      return "Postgres";
    case "redis":
      return "Redis";
  }
}
