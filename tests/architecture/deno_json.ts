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

/** The part of a `deno.json` that the rules look at. */
export type DenoJson = z.infer<typeof denoJson>;

/**
 * Reads one `deno.json`; a missing one is empty.
 *
 * @throws {SyntaxError | z.ZodError} when it is not JSON, or not of that shape.
 */
export function readDenoJson(files: Files, path: string): DenoJson {
  return denoJson.parse(JSON.parse(files.get(path) ?? "{}"));
}

/** The packages and versions chosen for the whole workspace: bare name to `npm:name@version`. */
export function readCatalogue(files: Files): ReadonlyMap<string, string> {
  return new Map(Object.entries(readDenoJson(files, "deno.json").imports ?? {}));
}

/** What members export, and the files behind it: `@rocket/iam` to `iam/mod.ts`. */
export function readFaces(files: Files): ReadonlyMap<string, string> {
  const members = [...files.keys()].filter((path) => /^[^/]+\/deno\.json$/.test(path));
  return new Map(members.flatMap((path) => {
    const { name = "", exports = {} } = readDenoJson(files, path);
    const entries = Object.entries(typeof exports === "string" ? { ".": exports } : exports);
    return entries.map(([face, file]): [string, string] => [join(name, face), join(path, "..", file)]);
  }));
}
