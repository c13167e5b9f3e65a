import type { DescMessage, DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import { status } from "@grpc/grpc-js";
import { reflect } from "./reflection.ts";

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
  /** The names of the statuses that it can answer with by its contract, `OK` first. */
  readonly statuses: readonly string[];
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
        statuses: ["OK", ...documentedStatuses(method)],
        registry,
      }));
    })
  );
}

/**
 * The statuses that the comments of a method and of its service name, in the contracts' own way: each method lists
 * its own, "- `NOT_FOUND`: there is no such part", and the service those that every method may answer.
 */
export function documentedStatuses(method: DescMethod): readonly string[] {
  const own = [...commentOf(method).matchAll(/^ *- `([A-Z_]+)`:/gm)].map(([, name = ""]) => name);
  const shared = [...commentOf(method.parent).matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name);
  return [...new Set([...own, ...shared])].filter((name) => name in status);
}

/** Numbers of fields in descriptor.proto, by which source paths find their way. */
const SERVICES_OF_FILE = 6;
const METHODS_OF_SERVICE = 2;

function commentOf(described: DescService | DescMethod): string {
  const service = described.kind === "service" ? described : described.parent;
  const path = [SERVICES_OF_FILE, service.file.services.indexOf(service)];
  if (described.kind === "rpc") path.push(METHODS_OF_SERVICE, service.methods.indexOf(described));
  const locations = service.file.proto.sourceCodeInfo?.location ?? [];
  return locations.find((location) => location.path.join() === path.join())?.leadingComments ?? "";
}
