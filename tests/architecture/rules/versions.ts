import { type Files, readCatalogue } from "../deno_json.ts";
import type { Rule, Violation } from "../rule.ts";

/** What is run by name and version, as in a task or a generator's settings, is the catalogue's version. */
export const samePackageVersions: Rule = {
  claim: "where a package's version is written again, it is the catalogue's",
  check: ({ files }) => {
    const chosen = new Set([...readCatalogue(files).values()].map((source) => source.slice("npm:".length)));
    return findAll(files, /npm:((?:@[\w.-]+\/)?[\w.-]+@\d[\w.-]*)/g)
      .filter(({ found }) => !chosen.has(found))
      .map(({ path, line, found }) => ({ path, line, message: `${found} is not the catalogue's version` }));
  },
};

/** The commands people copy start the Deno that `.dvmrc` pins. */
export const sameRuntimeVersion: Rule = {
  claim: "every command that names a version of Deno names the pinned one",
  check: ({ files }) => {
    const pin = files.get(".dvmrc")?.trim();
    return findAll(files, /npx -y deno@(\d[\w.-]*)/g).filter(({ found }) => found !== pin)
      .map(({ path, line, found }) => ({ path, line, message: `Deno ${found} is not the pinned ${pin}` }));
  },
};

type Match = Pick<Violation, "path"> & { readonly line: number; readonly found: string };

/** Every match of the pattern's group, save in the lock file and in these rules' own fixtures. */
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
