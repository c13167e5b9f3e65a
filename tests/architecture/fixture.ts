import { dirname, join } from "node:path/posix";
import { readExports } from "./deno_json.ts";
import type { Import, Module } from "./module.ts";
import { formatViolation, type Rule } from "./rule.ts";

/** The rule's violations in files given as text; `@rocket/<member>` resolves for members with a `deno.json`. */
export function violationsOf(rule: Rule, texts: Readonly<Record<string, string>>): readonly string[] {
  const files = new Map(Object.entries(texts));
  const exports = readExports(files);
  const modules = [...files].filter(([path]) => path.endsWith(".ts"))
    .map(([path, text]): Module => ({ path, text, imports: importsIn(path, text, exports) }));
  return rule.check({ files, exports, modules }).map(formatViolation);
}

/** Parses imports whose specifiers are in double quotes, as they are in these tests. */
function importsIn(path: string, text: string, exports: ReadonlyMap<string, string>): readonly Import[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/(?:import|from)\s*\(?\s*"([^"]+)"/g)].map(([, specifier = ""]) => {
      const isRelative = /^\.\.?\//.test(specifier);
      const target = isRelative ? join(dirname(path), specifier) : exports.get(specifier);
      return { specifier, line: index + 1, ...(target !== undefined && { target }) };
    })
  );
}

/** The `deno.json` of a member that exports its `mod.ts`. */
export function memberJson(name: string): string {
  return JSON.stringify({ name: `@rocket/${name}`, exports: "./mod.ts" });
}
