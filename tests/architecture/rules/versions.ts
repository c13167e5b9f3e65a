import { type Files, readImportMap } from "../deno_json.ts";
import type { Rule, Violation } from "../rule.ts";

/** Tasks and generator settings that run a package by name and version use the import map's version. */
export const samePackageVersions: Rule = {
  claim: "a package's version is the same everywhere as in the root import map",
  check: ({ files }) => {
    const chosen = new Set([...readImportMap(files).values()].map((source) => source.slice("npm:".length)));
    return findAll(files, /npm:((?:@[\w.-]+\/)?[\w.-]+@\d[\w.-]*)/g)
      .filter(({ found }) => !chosen.has(found))
      .map(({ path, line, found }) => ({
        path,
        line,
        message: `${found} is not the version in the root import map`,
      }));
  },
};

/** Commands that people copy use the version of Deno that `.dvmrc` pins. */
export const sameRuntimeVersion: Rule = {
  claim: "every command with a version of Deno uses the pinned one",
  check: ({ files }) => {
    const pin = files.get(".dvmrc")?.trim();
    return findAll(files, /npx -y deno@(\d[\w.-]*)/g).filter(({ found }) => found !== pin)
      .map(({ path, line, found }) => ({ path, line, message: `Deno ${found} is not the pinned ${pin}` }));
  },
};

type Match = Pick<Violation, "path"> & { readonly line: number; readonly found: string };

/** Every match of the pattern's group, except in the lock file and in the fixtures of these rules' tests. */
function findAll(files: Files, pattern: RegExp): readonly Match[] {
  const texts = [...files].filter(([path]) =>
    path !== "deno.lock" && !path.startsWith("tests/architecture/")
  );
  return texts.flatMap(([path, text]) =>
    text.split("\n").flatMap((content, index) =>
      [...content.matchAll(pattern)].map((match) => ({ path, line: index + 1, found: match[1] ?? "" }))
    )
  );
}
