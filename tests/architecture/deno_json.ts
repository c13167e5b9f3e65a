import { join } from "node:path/posix";
import { z } from "zod";

/** The text of every file, by its path from the root. */
export type Files = ReadonlyMap<string, string>;

const denoJson = z.object({
  name: z.string().optional(),
  workspace: z.array(z.string()).optional(),
  exports: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  imports: z.record(z.string(), z.string()).optional(),
  tasks: z.record(z.string(), z.object({ command: z.string() })).optional(),
});

/** The part of a `deno.json` that the rules check. */
export type DenoJson = z.infer<typeof denoJson>;

/**
 * Reads a `deno.json`; a missing file counts as empty.
 *
 * @throws {SyntaxError | z.ZodError} if it is not valid JSON, or a field has the wrong type.
 */
export function readDenoJson(files: Files, path: string): DenoJson {
  return denoJson.parse(JSON.parse(files.get(path) ?? "{}"));
}

/** The import map in the root's `deno.json`, which all members share: bare name to `npm:name@version`. */
export function readImportMap(files: Files): ReadonlyMap<string, string> {
  return new Map(Object.entries(readDenoJson(files, "deno.json").imports ?? {}));
}

/** What members export, and the file behind it: `@rocket/iam/config` to `iam/config.ts`. */
export function readExports(files: Files): ReadonlyMap<string, string> {
  const members = [...files.keys()].filter((path) => /^[^/]+\/deno\.json$/.test(path));
  return new Map(members.flatMap((path) => {
    const { name = "", exports = {} } = readDenoJson(files, path);
    const entries = Object.entries(typeof exports === "string" ? { ".": exports } : exports);
    return entries.map(([subpath, file]): [string, string] => [join(name, subpath), join(path, "..", file)]);
  }));
}
