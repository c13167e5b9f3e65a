import type { DescMessage, DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import { reflect } from "./reflection.ts";

/** A status that a method may return according to its contract. */
export interface DocumentedStatus {
  /** E.g. `NOT_FOUND`. */
  readonly name: string;
  /** The reasons that `google.rpc.ErrorInfo` may give for it; empty if it has no details. */
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
  /** Every status that it may return, `OK` first. */
  readonly statuses: readonly DocumentedStatus[];
  /** All types that its server describes. */
  readonly registry: FileRegistry;
}

/** Reads the methods that servers offer, and their contracts, by reflection; the health service is left out. */
export async function readGrpcContract(targets: readonly string[]): Promise<readonly ContractMethod[]> {
  const servers = await Promise.all(targets.map(async (target) => ({ target, ...await reflect(target) })));
  return servers.flatMap(({ target, services, registry }) =>
    services.filter((name) => !name.startsWith("grpc.")).flatMap((name) => {
      const service = registry.getService(name);
      if (service === undefined) throw new TypeError(`${target} lists ${name} but does not describe it`);
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
 * The statuses listed in the comments of a method and of its service, in the format of the contracts:
 * "- `NOT_FOUND` (`PART_NOT_FOUND`): no such part". Without a reason in parentheses the reason is the status's name;
 * `INTERNAL` has none. Each method may return the statuses that its service lists.
 */
export function documentedStatuses(method: DescMethod): readonly DocumentedStatus[] {
  const reasons = new Map<string, readonly string[]>();
  for (const [, name = "", list = ""] of commentsOf(method).matchAll(/^ *- `([A-Z_]+)`(?: \((.+)\))?:/gm)) {
    const listed = [...list.matchAll(/`([A-Z_]+)`/g)].map(([, reason = ""]) => reason);
    const fallback = name === "INTERNAL" ? [] : [name];
    reasons.set(name, [...new Set([...reasons.get(name) ?? [], ...(listed.length > 0 ? listed : fallback)])]);
  }
  return [...reasons].map(([name, reasons]) => ({ name, reasons }));
}

function commentsOf(method: DescMethod): string {
  return `${commentOf(method)}\n${commentOf(method.parent)}`;
}

/** Field numbers of descriptor.proto, which make up the paths of source locations. */
const SERVICES_OF_FILE = 6;
const METHODS_OF_SERVICE = 2;

function commentOf(desc: DescService | DescMethod): string {
  const service = desc.kind === "service" ? desc : desc.parent;
  const path = [SERVICES_OF_FILE, service.file.services.indexOf(service)];
  if (desc.kind === "rpc") path.push(METHODS_OF_SERVICE, service.methods.indexOf(desc));
  const locations = service.file.proto.sourceCodeInfo?.location ?? [];
  return locations.find((location) => location.path.join() === path.join())?.leadingComments ?? "";
}
