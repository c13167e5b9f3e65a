import { join, resolve } from "node:path";
import type { Backing, ServerName } from "../backing/backing.ts";
import type { ServiceName } from "./services.ts";

/** What a person needs to know once everything runs. */
export interface Summary {
  readonly addresses: ReadonlyMap<ServiceName, string>;
  readonly stores: StoreFacts;
  readonly tookMs: number;
  /** The command that runs a task of this workspace. */
  readonly taskCommand: string;
}

/** Where Postgres and Redis come from. */
export interface StoreFacts {
  readonly source: Backing["source"];
  /** Which of them are ours; the others the environment names. */
  readonly ours: ReadonlySet<ServerName>;
  readonly dataDir: string;
}

/** How each service's address is told to a person. */
const DOORS: Readonly<Record<ServiceName, (address: string) => string>> = {
  iam: (address) => `${address} (gRPC)`,
  inventory: (address) => `${address} (gRPC)`,
  payment: (address) => `${address} (gRPC), a stand-in: no money moves`,
  order: (address) => `http://${address}`,
};

/** The closing words of a start: where everything is, and what to do next. */
export function describeStart({ addresses, stores, tookMs, taskCommand }: Summary): string {
  return `
Rocket Factory is ready after ${(tookMs / 1_000).toFixed(1)} s.

${
    table([
      // What a person calls first comes first.
      ...[...addresses].toReversed().map(([name, address]) => [name, DOORS[name](address)] as const),
      ["Postgres", whence(stores, "postgres")],
      ["Redis", whence(stores, "redis")],
      ["data", whereDataLie(stores)],
    ])
  }

${
    table([
      ["A first session:", `${taskCommand} session`],
      ["Start empty:", `${taskCommand} dev --fresh`],
      ["Stop everything:", "Ctrl-C"],
    ])
  }

`;
}

function whence({ source, ours }: StoreFacts, server: ServerName): string {
  if (!ours.has(server)) return "named by the environment";
  return source === "docker" ? "in a Docker container" : "this machine's own program";
}

function whereDataLie({ source, ours, dataDir }: StoreFacts): string {
  const folder = resolve(dataDir);
  if (ours.size === 0) return "with those servers; --fresh leaves them alone";
  return source === "docker"
    ? `in the Docker volumes named by ${join(folder, "docker.json")}`
    : join(folder, "local");
}

/** Names and what is known of them, below each other. */
function table(rows: readonly (readonly [name: string, fact: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`).join("\n");
}
