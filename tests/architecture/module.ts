import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";

/** One import, re-export or dynamic import of a module, including those of types only. */
export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The path of the imported workspace file, from the root; absent for packages. */
  readonly target?: string;
  readonly line: number;
}

/** One TypeScript file. */
export interface Module {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const span = z.object({ start: z.object({ line: z.number() }) });
const resolved = z.object({ specifier: z.string().optional(), span });
const dependency = z.object({
  specifier: z.string(),
  code: resolved.optional(),
  type: resolved.optional(),
});
const graph = z.object({
  modules: z.array(z.object({ specifier: z.string(), dependencies: z.array(dependency).default([]) })),
});

/**
 * Reads the imports of TypeScript files, as resolved by `deno info`.
 *
 * @param root The folder of the workspace.
 * @param texts The files' texts, by their paths from the root.
 * @throws {Error} with Deno's message, if it can't read the graph.
 */
export async function readModules(
  root: string,
  texts: ReadonlyMap<string, string>,
): Promise<readonly Module[]> {
  const entry = await Deno.makeTempFile({ prefix: "graph-", suffix: ".ts" });
  try {
    const urlOf = (path: string) => pathToFileURL(join(root, path)).href;
    const paths = [...texts.keys()];
    await Deno.writeTextFile(entry, paths.map((path) => `import "${urlOf(path)}";\n`).join(""));
    const { modules } = graph.parse(JSON.parse(await describeGraph(root, entry)));
    const imports = new Map(modules.map(({ specifier, dependencies }) => [specifier, dependencies]));
    return paths.map((path) => ({
      path,
      text: texts.get(path) ?? "",
      imports: (imports.get(urlOf(path)) ?? []).map((each) => toImport(root, each)),
    }));
  } finally {
    await Deno.remove(entry);
  }
}

async function describeGraph(root: string, entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--quiet", entry],
    cwd: root,
  }).output();
  if (!success) throw new Error(`deno info can't read the imports: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function toImport(root: string, { specifier, code, type }: z.infer<typeof dependency>): Import {
  const { specifier: url = "", span } = code ?? type ?? { span: { start: { line: 0 } } };
  const path = url.startsWith("file:") ? relative(root, fileURLToPath(url)) : "..";
  return { specifier, line: span.start.line + 1, ...(!path.startsWith("..") && { target: path }) };
}
