import type { Rule } from "../rule.ts";
import { isUnitTest, SERVICES, TOP_LEVEL_FOLDERS, topLevelFolder } from "../layout.ts";

/** What each folder at the root may import; one that is not listed may import no other folder. */
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ["platform", ["proto"]],
  ...SERVICES.map((service): [string, string[]] => [service, ["proto", "platform"]]),
  ["dev", ["platform", "proto"]],
  ["tests", TOP_LEVEL_FOLDERS],
]);

/** Unit tests of queries run against real stores, which `dev` starts. */
const ALLOWED_TO_TESTS: readonly string[] = ["dev"];

/** Services share nothing but `proto` and `platform`, and only tests import `dev`. */
export const folderImports: Rule = {
  claim: "a folder at the root imports only the folders it may",
  check: ({ modules }) =>
    modules.flatMap(({ path, imports }) => {
      const folder = topLevelFolder(path) ?? "the root";
      const allowed = [folder, ...ALLOWED.get(folder) ?? [], ...isUnitTest(path) ? ALLOWED_TO_TESTS : []];
      return imports.flatMap(({ target, line }) => {
        const other = target && topLevelFolder(target);
        if (!other || allowed.includes(other)) return [];
        return [{ path, line, message: `${folder} may not import ${other}` }];
      });
    }),
};
