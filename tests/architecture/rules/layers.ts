import type { Rule } from "../rule.ts";
import { isUnitTest, SERVICES } from "../layout.ts";

/** A service's layers from the outside in; a layer may import itself and those with a higher number. */
const DEPTHS: ReadonlyMap<string, number> = new Map([
  // Shared by unit tests; nothing else imports it.
  ["testing", -1],
  ["api", 0],
  // Example data for an empty store on a developer's machine; only the seed program imports it.
  ["seed", 0],
  ["service", 1],
  ["repository", 2],
  ["client", 2],
  ["model", 3],
]);

/** Imports within a service point one way, and folders have the same names in every service. */
export const layers: Rule = {
  claim: "within a service imports point inwards: api, service, repository or client, model",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const from = placeOf(path);
      if (!from || isUnitTest(path)) return [];
      if (!isKnown(from.layer)) return [{ path, message: `a service has no layer named ${from.layer}` }];
      return imports.flatMap(({ target, line }) => {
        const to = target === undefined ? undefined : placeOf(target);
        if (to?.service !== from.service || mayImport(from.layer, to.layer)) return [];
        return [{ path, line, message: `${from.layer} may not import ${to.layer || target}` }];
      });
    }),
};

interface Place {
  readonly service: string;
  /** Empty for files at the service's root: the wiring, which may import everything. */
  readonly layer: string;
}

function placeOf(path: string): Place | undefined {
  const [service = "", ...rest] = path.split("/");
  if (!SERVICES.includes(service)) return undefined;
  return { service, layer: rest.length > 1 ? rest[0] ?? "" : "" };
}

function isKnown(layer: string): boolean {
  return layer === "" || DEPTHS.has(layer);
}

function mayImport(from: string, to: string): boolean {
  const [outer, inner] = [DEPTHS.get(from), DEPTHS.get(to)];
  if (outer === undefined) return true;
  return from === to || inner !== undefined && inner > outer;
}
