import type { DescMessage, DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import { reflect } from "./reflection.ts";

/** A status that a method can answer with by its contract. */
export interface DocumentedStatus {
  /** Its name, e.g. `NOT_FOUND`. */
  readonly name: string;
  /** The reasons that `google.rpc.ErrorInfo` may give for it; none if it has no details. */
  readonly reasons: readonly string[];
}

/** A method as a running server describes it. */
export interface ContractMethod {
  /** `package.Service/Method`. */
  readonly name: string;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Where it is served, `host:port`. */
  readonly target: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  /** What it can answer with by its contract, `OK` first. */
  readonly statuses: readonly DocumentedStatus[];
  /** All that its server describes. */
  readonly registry: FileRegistry;
}

/** Asks servers which methods they offer, and what their contracts say of each; health is left out. */
export async function readGrpcContract(targets: readonly string[]): Promise<readonly ContractMethod[]> {
  const servers = await Promise.all(targets.map(async (target) => ({ target, ...await reflect(target) })));
  return servers.flatMap(({ target, services, registry }) =>
    services.filter((name) => !name.startsWith("grpc.")).flatMap((name) => {
      const service = registry.getService(name);
      if (service === undefined) throw new TypeError(`${target} lists ${name} and does not describe it`);
      return service.methods.map((method) => ({
        name: `${name}/${method.name}`,
        path: `/${name}/${method.name}`,
        target,
        input: method.input,
        output: method.output,
        statuses: [{ name: "OK", reasons: [] }, ...documentedStatuses(method)],
        registry,
      }));
    })
  );
}

/**
 * The statuses that the comments of a method and of its service list, in the contracts' own way:
 * "- `NOT_FOUND` (`PART_NOT_FOUND`): there is no such part". Where no reason is named it is the status's own name;
 * `INTERNAL` has none. What a service lists, each of its methods may answer.
 */
export function documentedStatuses(method: DescMethod): readonly DocumentedStatus[] {
  const reasons = new Map<string, readonly string[]>();
  for (const [, name = "", named = ""] of commentsOf(method).matchAll(/^ *- `([A-Z_]+)`(?: \((.+)\))?:/gm)) {
    const reported = [...named.matchAll(/`([A-Z_]+)`/g)].map(([, reason = ""]) => reason);
    const own = name === "INTERNAL" ? [] : [name];
    reasons.set(name, [...new Set([...reasons.get(name) ?? [], ...(reported.length > 0 ? reported : own)])]);
  }
  return [...reasons].map(([name, reasons]) => ({ name, reasons }));
}

function commentsOf(method: DescMethod): string {
  return `${commentOf(method)}\n${commentOf(method.parent)}`;
}

/** Field numbers in descriptor.proto, of which source paths consist. */
const SERVICES_OF_FILE = 6;
const METHODS_OF_SERVICE = 2;

function commentOf(described: DescService | DescMethod): string {
  const service = described.kind === "service" ? described : described.parent;
  const path = [SERVICES_OF_FILE, service.file.services.indexOf(service)];
  if (described.kind === "rpc") path.push(METHODS_OF_SERVICE, service.methods.indexOf(described));
  const locations = service.file.proto.sourceCodeInfo?.location ?? [];
  return locations.find((location) => location.path.join() === path.join())?.leadingComments ?? "";
}
