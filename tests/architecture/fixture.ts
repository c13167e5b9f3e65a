import { dirname, join } from "node:path/posix";
import { readFaces } from "./deno_json.ts";
import type { Import, Module } from "./module.ts";
import { formatViolation, type Rule } from "./rule.ts";

/** What a rule finds in files that exist nowhere; `@rocket/<member>` works for members with a `deno.json`. */
export function breaches(rule: Rule, texts: Readonly<Record<string, string>>): readonly string[] {
  const files = new Map(Object.entries(texts));
  const faces = readFaces(files);
  const modules = [...files].filter(([path]) => path.endsWith(".ts"))
    .map(([path, text]): Module => ({ path, text, imports: importsIn(path, text, faces) }));
  return rule.check({ files, faces, modules }).map(formatViolation);
}

/** The imports of a text that names its modules in double quotes, as the tests' texts do. */
function importsIn(path: string, text: string, faces: ReadonlyMap<string, string>): readonly Import[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/(?:import|from)\s*\(?\s*"([^"]+)"/g)].map(([, specifier = ""]) => {
      const isRelative = /^\.\.?\//.test(specifier);
      const target = isRelative ? join(dirname(path), specifier) : faces.get(specifier);
      return { specifier, line: index + 1, ...(target !== undefined && { target }) };
    })
  );
}

/** The `deno.json` of a member whose face is its `mod.ts`. */
export function memberJson(name: string): string {
  return JSON.stringify({ name: `@rocket/${name}`, exports: "./mod.ts" });
}
