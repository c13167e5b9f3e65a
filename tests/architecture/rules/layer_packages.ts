import type { Rule } from "../rule.ts";
import { isTest, SERVICES } from "../rooms.ts";

/** The layers that may know a protocol or a store by its library. */
const HOMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["@grpc/grpc-js", ["api", "client"]],
  ["hono", ["api"]],
  ["postgres", ["repository"]],
  ["ioredis", ["repository"]],
]);

const LAYERED = new RegExp(`^(?:${SERVICES.join("|")})/([^/]+)/`);

/** The rules of a service know neither gRPC nor HTTP nor SQL nor Redis. */
export const layerPackages: Rule = {
  claim: "protocols stay at the door and stores in the repository",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const layer = LAYERED.exec(path)?.[1];
      if (layer === undefined || isTest(path)) return [];
      return imports.flatMap(({ specifier = "", line }) => {
        const homes = HOMES.get(packageOf(specifier));
        if (!homes || homes.includes(layer)) return [];
        return [{ path, line, message: `${specifier} belongs in ${homes.join(" or ")}, not in ${layer}` }];
      });
    }),
};

function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
