import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, readFaces } from "./deno_json.ts";
import { type Module, readModules } from "./module.ts";

/** What the rules are asked about: the files, and the TypeScript among them with its imports. */
export interface Workspace {
  readonly files: Files;
  /** What members export: `@rocket/iam` leads to `iam/main.ts`. */
  readonly faces: ReadonlyMap<string, string>;
  readonly modules: readonly Module[];
}

/**
 * Reads the workspace as a commit of everything would hold it: what git tracks and what it does not
 * ignore.
 *
 * @throws {Error} when `root` is not a git work tree.
 */
export async function readWorkspace(root: string): Promise<Workspace> {
  const files = new Map<string, string>();
  for (const path of await listFiles(root)) {
    const text = await readFile(join(root, path), "utf8").catch(absentIfDeleted);
    if (text !== undefined) files.set(path, text);
  }
  const texts = new Map([...files].filter(([path]) => path.endsWith(".ts")));
  return { files, faces: readFaces(files), modules: await readModules(root, texts) };
}
async function listFiles(root: string): Promise<readonly string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    // A clone may belong to another user than the one who tests it; this only lists names.
    args: ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  if (!success) throw new Error(`git can't list the files of ${root}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
}

/** Git still lists a file that was deleted but not yet staged. */
function absentIfDeleted(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
