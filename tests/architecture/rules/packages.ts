import { readCatalogue, readDenoJson } from "../deno_json.ts";
import type { Rule } from "../rule.ts";

const EXACT_NPM = /^npm:(?:@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** A package is named in one catalogue, at the root, with one exact version from npm. */
export const oneCatalogue: Rule = {
  claim: "versions are chosen once, exactly, in the root catalogue",
  check: ({ files }) => {
    const inexact = [...readCatalogue(files)].filter(([, source]) => !EXACT_NPM.test(source))
      .map(([name]) => ({ path: "deno.json", message: `${name} is not an exact npm version` }));
    const elsewhere = [...files.keys()].filter((path) => path.endsWith("/deno.json"))
      .filter((path) => readDenoJson(files, path).imports !== undefined)
      .map((path) => ({ path, message: "has imports of its own" }));
    return [...inexact, ...elsewhere];
  },
};

/** What a module imports is ours, Node's, or in the catalogue. */
export const importsFromCatalogue: Rule = {
  claim: "modules import packages by their names in the catalogue",
  check: ({ files, modules }) => {
    const names = [...readCatalogue(files).keys()];
    const isKnown = (specifier: string) =>
      /^(?:node:|@rocket\/|\.\.?\/)/.test(specifier) ||
      names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
    return modules.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => !isKnown(specifier))
        .map(({ specifier, line }) => ({ path, line, message: `${specifier} is not in the root catalogue` }))
    );
  },
};

/** The `jsr:` registry can't be reached from every network this must build in. */
export const noJsr: Rule = {
  claim: "nothing comes from jsr:",
  check: ({ files, modules }) => [
    ...modules.flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => specifier.startsWith("jsr:"))
        .map(({ specifier, line }) => ({ path, line, message: `${specifier} comes from jsr:` }))
    ),
    ...[...files].filter(([path, text]) => /(?:^|\/)deno\.(?:json|lock)$/.test(path) && /"jsr:/.test(text))
      .map(([path]) => ({ path, message: "names a package of jsr:" })),
  ],
};

/** Imports that can't be read can't be held to the other rules. */
export const literalImports: Rule = {
  claim: "imports name their module literally",
  check: ({ modules }) =>
    // Migrations are found by listing a folder, so their names are not known before.
    modules.filter(({ path }) => path !== "platform/postgres/migrator.ts").flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) =>
        /^[^"'`]*\bimport\(\s*[^"'\s]/.test(line)
          ? [{ path, line: index + 1, message: "imports a module by a computed name" }]
          : []
      )
    ),
};
