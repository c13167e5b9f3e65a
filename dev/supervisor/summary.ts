import type { Backing, StoreName } from "../backing/backing.ts";
import { STORES } from "../backing/stores.ts";
import { SERVICE_NAMES, type ServiceName, serviceOf, storesOf } from "../services.ts";

/** What a person needs to know once everything runs. */
export interface Summary {
  readonly addresses: ReadonlyMap<ServiceName, string>;
  readonly httpScheme: "http" | "https";
  readonly stores: StoreFacts;
  readonly tookMs: number;
  /** The command that runs a task of this workspace. */
  readonly taskCommand: string;
}

/** Where the stores come from. */
export type StoreFacts = Pick<Backing, "source" | "ours" | "dataAt">;

/** Describes a system that is ready: where everything is, and what to do next. */
export function describeStart({ addresses, httpScheme, stores, tookMs, taskCommand }: Summary): string {
  return `
Rocket Factory is ready after ${(tookMs / 1_000).toFixed(1)} s.

${
    table([
      // The service that a person calls first comes first.
      ...[...addresses].toReversed().map(([name, address]) =>
        [name, describeDoors(name, address, httpScheme)] as const
      ),
      ...storesOf(SERVICE_NAMES).map((name) => [STORES[name].title, originOf(stores, name)] as const),
      ["data", stores.dataAt],
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

/** @param addresses Those of its doors, in their order, as a service logs them. */
function describeDoors(name: ServiceName, addresses: string, scheme: Summary["httpScheme"]): string {
  const { doors, note } = serviceOf(name);
  const described = addresses.split(", ").slice(0, doors.length).map((address, index) =>
    doors[index]?.protocol === "http" ? `${scheme}://${address}` : `${address} (gRPC)`
  );
  return [...described, note ?? []].flat().join(", ");
}

function originOf({ source, ours }: StoreFacts, store: StoreName): string {
  if (!ours.has(store)) return "named by the environment";
  return source === "docker" ? "in a Docker container" : "this machine's own program";
}

/** Names and facts, in two columns. */
function table(rows: readonly (readonly [name: string, fact: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`).join("\n");
}
