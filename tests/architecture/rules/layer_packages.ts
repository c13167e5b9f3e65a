import type { Rule } from "../rule.ts";
import { isUnitTest, SERVICES } from "../layout.ts";

/** The layers that may import a protocol's or a store's library. */
const ALLOWED_LAYERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["@grpc/grpc-js", ["api", "client"]],
  ["hono", ["api"]],
  ["postgres", ["repository"]],
  ["ioredis", ["repository"]],
  ["@platformatic/kafka", ["consumer"]],
]);

const LAYERED = new RegExp(`^(?:${SERVICES.join("|")})/([^/]+)/`);

/** Business rules depend on neither gRPC, HTTP, SQL nor Redis. */
export const layerPackages: Rule = {
  claim: "only api and client use protocol libraries, and only repository uses store libraries",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const layer = LAYERED.exec(path)?.[1];
      if (layer === undefined || isUnitTest(path)) return [];
      return imports.flatMap(({ specifier = "", line }) => {
        const allowed = ALLOWED_LAYERS.get(packageOf(specifier));
        if (!allowed || allowed.includes(layer)) return [];
        return [{ path, line, message: `${specifier} belongs in ${allowed.join(" or ")}, not in ${layer}` }];
      });
    }),
};

function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
