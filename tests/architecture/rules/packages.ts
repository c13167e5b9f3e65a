import { readDenoJson, readImportMap } from "../deno_json.ts";
import type { Rule } from "../rule.ts";

const EXACT_NPM = /^npm:(?:@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** A package is listed in one import map, at the root, with one exact version from npm. */
export const oneImportMap: Rule = {
  claim: "only the root import map chooses versions, and each is exact",
  check: ({ files }) => {
    const inexact = [...readImportMap(files)].filter(([, source]) => !EXACT_NPM.test(source))
      .map(([name]) => ({ path: "deno.json", message: `${name} is not an exact npm version` }));
    const elsewhere = [...files.keys()].filter((path) => path.endsWith("/deno.json"))
      .filter((path) => readDenoJson(files, path).imports !== undefined)
      .map((path) => ({ path, message: "has imports of its own" }));
    return [...inexact, ...elsewhere];
  },
};

/** A module imports workspace files, Node's modules, and packages in the import map. */
export const packagesInImportMap: Rule = {
  claim: "modules import packages by their names in the root import map",
  check: ({ files, modules }) => {
    const names = [...readImportMap(files).keys()];
    const isKnown = (specifier: string) =>
      /^(?:node:|@rocket\/|\.\.?\/)/.test(specifier) ||
      names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
    return modules.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => !isKnown(specifier))
        .map(({ specifier, line }) => ({ path, line, message: `${specifier} is not in the root import map` }))
    );
  },
};

/** The `jsr:` registry can't be reached from every network in which the workspace is built. */
export const noJsr: Rule = {
  claim: "no package comes from jsr:",
  check: ({ files, modules }) => [
    ...modules.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => specifier.startsWith("jsr:"))
        .map(({ specifier, line }) => ({ path, line, message: `${specifier} comes from jsr:` }))
    ),
    ...[...files].filter(([path, text]) => /(?:^|\/)deno\.(?:json|lock)$/.test(path) && /"jsr:/.test(text))
      .map(([path]) => ({ path, message: "lists a package from jsr:" })),
  ],
};

/** The other rules can't check an import whose name is computed. */
export const literalImports: Rule = {
  claim: "import specifiers are literals",
  check: ({ modules }) =>
    // Migrations are found by listing a folder, so their names are not known in advance.
    modules.filter(({ path }) => path !== "platform/postgres/migrator.ts").flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) =>
        /^[^"'`]*\bimport\(\s*[^"'\s]/.test(line)
          ? [{ path, line: index + 1, message: "imports a module by a computed name" }]
          : []
      )
    ),
};
